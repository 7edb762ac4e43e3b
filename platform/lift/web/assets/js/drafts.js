// textarea[data-draft="key"] keeps in this tab's session storage what the server has not confirmed. The text goes when
// a page that proves its arrival names it ([data-draft-done="key"]) and when the person logs out, and at no other time:
// not with a lost connection, a refused form or a log-in page in between.
import { fresh } from "./once.js";

const PREFIX = "draft:";

function attempt(action) {
  // Storage may be switched off or full; writing goes on without it.
  try {
    return action();
  } catch {
    return null;
  }
}

const read = (key) => attempt(() => JSON.parse(sessionStorage.getItem(PREFIX + key)));
const write = (key, draft) => attempt(() => sessionStorage.setItem(PREFIX + key, JSON.stringify(draft)));
const remove = (key) => attempt(() => sessionStorage.removeItem(PREFIX + key));

// All drafts go at once.
export function forget() {
  attempt(() => {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
  });
}

// `known` are the texts that the server may hold as far as this tab can tell: the one it served, and one on its way.
function keep(area, known) {
  write(area.dataset.draft, { text: area.value, known });
}

export function sending(area, text) {
  keep(area, [...(read(area.dataset.draft)?.known ?? [area.defaultValue]), text]);
}

export function confirmed(area, text) {
  area.defaultValue = text;
  if (area.value === text) remove(area.dataset.draft);
  else keep(area, [text]);
}

function restore(area) {
  const kept = read(area.dataset.draft);
  if (!kept || kept.text === area.value) return;
  // Something else was written from another place meanwhile: both stay, and the person decides.
  const moved = area.defaultValue && !kept.known.includes(area.defaultValue);
  area.value = moved ? `${area.defaultValue}\n\n${kept.text}` : kept.text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function drafts(root) {
  for (const proof of root.querySelectorAll("[data-draft-done]")) remove(proof.dataset.draftDone);
  for (const area of fresh(root, "textarea[data-draft]", "draft")) {
    area.addEventListener("input", () => keep(area, read(area.dataset.draft)?.known ?? [area.defaultValue]));
    restore(area);
  }
}
