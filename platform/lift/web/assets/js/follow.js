// [data-follow="/url"] listens to server-sent events: `state` replaces the text of [data-follow-text], `done` reloads.
// When the stream ends for good, the page reloads every five seconds instead.
import { fresh } from "./once.js";

const POLL_MS = 5000;
const TRIES = 3;

export function follow(root) {
  for (const element of fresh(root, "[data-follow]", "follow")) {
    const poll = () => setTimeout(() => location.reload(), POLL_MS);
    if (!("EventSource" in window)) {
      poll();
      continue;
    }
    const source = new EventSource(element.dataset.follow);
    let failures = 0;
    source.addEventListener("open", () => (failures = 0));
    source.addEventListener("state", (event) => {
      const text = element.querySelector("[data-follow-text]");
      if (text) text.textContent = event.data;
    });
    source.addEventListener("done", () => {
      source.close();
      location.reload();
    });
    source.addEventListener("error", () => {
      failures += 1;
      // The browser tries again by itself unless the answer was no stream at all.
      if (source.readyState !== EventSource.CLOSED && failures < TRIES) return;
      source.close();
      poll();
    });
    window.addEventListener("pagehide", () => source.close());
  }
}
