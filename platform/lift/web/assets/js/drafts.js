// textarea[data-draft="key"] keeps its text in this tab's session storage until it is sent or the person logs out.
import { fresh } from "./once.js";

const PREFIX = "draft:";
const SENT = "sent:";

function attempt(action) {
  // Storage may be switched off or full; writing goes on without it.
  try {
    return action();
  } catch {
    return null;
  }
}

// Without a key all drafts go at once. A named one is only marked: it goes when a page without its field has come back,
// so that a lost connection or a refused form does not take the text with it.
export function forget(key) {
  attempt(() => {
    if (key) return sessionStorage.setItem(SENT + key, "1");
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(PREFIX) || name.startsWith(SENT)) sessionStorage.removeItem(name);
    }
  });
}

function settle(root) {
  const shown = new Set([...root.querySelectorAll("textarea[data-draft]")].map((area) => area.dataset.draft));
  attempt(() => {
    for (const name of Object.keys(sessionStorage).filter((each) => each.startsWith(SENT))) {
      const key = name.slice(SENT.length);
      sessionStorage.removeItem(name);
      if (!shown.has(key)) sessionStorage.removeItem(PREFIX + key);
    }
  });
}

export function drafts(root) {
  settle(root);
  for (const area of fresh(root, "textarea[data-draft]", "draft")) {
    const name = PREFIX + area.dataset.draft;
    const kept = attempt(() => sessionStorage.getItem(name));
    // What the server sent back (a form that failed) is newer than the draft.
    if (kept && !area.value) {
      area.value = kept;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    area.addEventListener("input", () => attempt(() => sessionStorage.setItem(name, area.value)));
  }
}
