// After htmx has exchanged something in [data-settle], its controls say what the server says: a box that was ticked by
// hand stays ticked otherwise, whatever the new markup has. Whoever stood on something that is gone goes on where it
// was: at [data-settle-focus] of a whole place, at the first control of a [data-settle-here].
export function settle(root, target) {
  const place = root.querySelector("[data-settle]");
  for (const input of place?.querySelectorAll("form[method=get] input") ?? []) {
    if (input.type === "checkbox") input.checked = input.defaultChecked;
    // Words may have been typed on meanwhile.
    else if (input.type !== "search" || input !== root.activeElement) input.value = input.defaultValue;
  }
  if (root.activeElement !== root.body || !target?.id) return;
  const here = root.getElementById(target.id);
  const next = here?.matches("[data-settle]")
    ? here.querySelector("[data-settle-focus]")
    : here?.matches("[data-settle-here]")
      ? here.querySelector("input:not([type=hidden]), a")
      : null;
  next?.focus({ preventScroll: true });
}
