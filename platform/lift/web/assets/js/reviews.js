// Single keys at the moderation desk. Everything they do, a link or a button on the page does too.
const KEPT = "lift-review-keys";
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

const off = () => localStorage.getItem(KEPT) === "off";

export function reviews(root) {
  const help = root.querySelector("[data-keys]");
  if (!help) return;
  help.hidden = false;
  const toggle = help.querySelector("[data-keys-toggle]");
  const say = () => (toggle.textContent = off() ? toggle.dataset.off : toggle.dataset.on);
  toggle.addEventListener("click", () => {
    localStorage.setItem(KEPT, off() ? "on" : "off");
    say();
  });
  say();
  // Sent here to do one thing: its first control is where to begin. The browser goes to the fragment after the load.
  window.addEventListener("load", () => setTimeout(() => focusIn(location.hash)));
  root.addEventListener("keydown", (event) => {
    if (off() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.(TYPING)) return;
    if (act(event.key, help)) event.preventDefault();
  });
}

function act(key, help) {
  if (key === "?") {
    help.open = true;
    help.querySelector("summary").focus();
    return true;
  }
  if (key === "u") return press(document.querySelector("form[data-undo]"));
  const rows = [...document.querySelectorAll("[data-queue-row]")];
  return rows.length ? inQueue(key, rows) : onReport(key);
}

function inQueue(key, rows) {
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const link = (row) => row.querySelector("a");
  if (key === "j") link(rows[Math.min(at + 1, rows.length - 1)]).focus();
  else if (key === "k") link(rows[Math.max(at - 1, 0)]).focus();
  else if (at < 0) return false;
  else if (key === "x") rows[at].querySelector("input[type=checkbox]")?.click();
  else if (key in PARTS) location.href = `${link(rows[at]).href}${PARTS[key]}`;
  else return false;
  return true;
}

const PARTS = { v: "#verify", d: "#decline", m: "#merge" };

function onReport(key) {
  if (key === "j" || key === "k") {
    const link = document.querySelector(`a[rel=${key === "j" ? "next" : "prev"}]`);
    link?.click();
    return Boolean(link);
  }
  return key in PARTS && focusIn(PARTS[key]);
}

function focusIn(place) {
  if (!Object.values(PARTS).includes(place)) return false;
  const control = document.querySelector(`${place} :is(input:not([type=hidden]), textarea)`);
  control?.focus();
  control?.scrollIntoView({ block: "center" });
  return Boolean(control);
}

function press(form) {
  form?.requestSubmit();
  return Boolean(form);
}
