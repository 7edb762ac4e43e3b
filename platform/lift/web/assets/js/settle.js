// After htmx has exchanged the inside of [data-settle], its controls say what the server says: a box that was ticked by
// hand stays ticked otherwise, whatever the new markup has. Whoever stood on something that is gone goes on at
// [data-settle-focus], not at the top of the page.
export function settle(root) {
  const place = root.querySelector("[data-settle]");
  if (!place) return;
  for (const input of place.querySelectorAll("form[method=get] input")) {
    if (input.type === "checkbox") input.checked = input.defaultChecked;
    // Words may have been typed on meanwhile.
    else if (input.type !== "search" || input !== root.activeElement) input.value = input.defaultValue;
  }
  if (root.activeElement === root.body) place.querySelector("[data-settle-focus]")?.focus({ preventScroll: true });
}
