// Elements already seen, per purpose: wiring a page twice must not double its listeners.
const seen = new WeakMap();

export function fresh(root, selector, purpose) {
  return [...root.querySelectorAll(selector)].filter((element) => {
    const purposes = seen.get(element) ?? new Set();
    if (purposes.has(purpose)) return false;
    seen.set(element, purposes.add(purpose));
    return true;
  });
}
