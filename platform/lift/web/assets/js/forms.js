// form[data-once]: a second click does nothing. form[data-clears-drafts]: all drafts go.
import { forget } from "./drafts.js";

const buttons = (form) => form.querySelectorAll("button:not([type=button]), input[type=submit]");

export function forms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.matches("[data-once]")) {
      if (form.ariaBusy === "true") return event.preventDefault();
      form.ariaBusy = "true";
      // After this turn, so that the pressed button's own name and value are still sent.
      setTimeout(() => buttons(form).forEach((button) => (button.disabled = true)));
    }
    if ("clearsDrafts" in form.dataset) forget();
  });
  // The browser's back button brings the page back as it was left.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of root.querySelectorAll("form[data-once]")) {
      form.ariaBusy = null;
      buttons(form).forEach((button) => (button.disabled = false));
    }
  });
}
