// textarea[data-autosave="/url"] sends its form there while one writes; [data-autosave-note] in the form says how it
// went. What could not be sent stays with this tab (see drafts.js) and is sent with the next try.
import { confirmed, sending } from "./drafts.js";
import { fresh } from "./once.js";

const EVERY_MS = 4000;

export function autosave(root) {
  for (const area of fresh(root, "textarea[data-autosave]", "autosave")) {
    const form = area.form;
    const note = form.querySelector("[data-autosave-note]");
    let waiting = null;
    let busy = false;
    let again = false;

    const say = (text, failed) => {
      if (!note) return;
      // Only a failure is read out: a voice that says "saved" every few seconds is in the way.
      if (failed) note.setAttribute("role", "status");
      else note.removeAttribute("role");
      note.textContent = text;
    };

    const send = async () => {
      clearTimeout(waiting);
      waiting = null;
      // A form on its way to be submitted carries the text itself.
      if (form.ariaBusy === "true") return;
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      const text = area.value;
      const body = new FormData(form);
      body.set("autosave", "1");
      sending(area, text);
      const reply = await fetch(area.dataset.autosave, { method: "POST", body, redirect: "manual", keepalive: true }).catch(
        () => null,
      );
      busy = false;
      if (reply?.status === 204) confirmed(area, text);
      say(reply?.status === 204 ? "Saved" : "Not saved here yet: this tab keeps the text.", reply?.status !== 204);
      if (again) plan();
      again = false;
    };

    const plan = () => {
      if (waiting === null) waiting = setTimeout(send, EVERY_MS);
    };

    area.addEventListener("input", plan);
    form.addEventListener("change", plan);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && waiting !== null) send();
    });
  }
}
