// details[data-fold] stand open on a wide screen; on a narrow one they would push the page's content out of sight.
export function folds(root) {
  if (!matchMedia("(max-width: 47.5rem)").matches) return;
  for (const part of root.querySelectorAll("details[data-fold]")) part.open = false;
}
