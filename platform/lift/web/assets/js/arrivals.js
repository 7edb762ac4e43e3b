// [data-arrive] takes the keyboard's focus when htmx brings it, once; what the page came with is left alone.
import { fresh } from "./once.js";

export const known = (root) => fresh(root, "[data-arrive]", "arrive");

export function arrivals(root) {
  known(root).at(-1)?.focus();
}
