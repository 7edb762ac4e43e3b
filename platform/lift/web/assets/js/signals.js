// A point of the rubric and its quote light each other. data-signal holds one or more names, parted by spaces.
const names = (element) => element.dataset.signal.split(" ");

function light(root, origin) {
  for (const lit of root.querySelectorAll(".lit")) lit.classList.remove("lit");
  if (!origin) return;
  const wanted = new Set(names(origin));
  const partner = origin.matches("mark") ? ".signal[data-signal]" : "mark[data-signal]";
  for (const element of root.querySelectorAll(partner)) {
    element.classList.toggle("lit", names(element).some((name) => wanted.has(name)));
  }
}

export function signals(root) {
  const near = (event) => event.target.closest?.("[data-signal]") ?? null;
  root.addEventListener("mouseover", (event) => {
    // Leaving with the mouse gives the light back to whatever has the keyboard's focus.
    light(root, near(event) ?? root.activeElement?.closest("[data-signal]"));
  });
  root.addEventListener("focusin", (event) => light(root, near(event)));
  root.addEventListener("focusout", () => light(root, null));
}
