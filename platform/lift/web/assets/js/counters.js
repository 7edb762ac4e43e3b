// textarea[data-count] shows its number of words below itself, or in the element whose id data-count names.
import { fresh } from "./once.js";

export function counters(root) {
  for (const area of fresh(root, "textarea[data-count]", "count")) {
    let output = area.dataset.count ? document.getElementById(area.dataset.count) : null;
    if (!output) {
      output = document.createElement("p");
      output.className = "word-count";
      area.after(output);
    }
    const show = () => {
      const words = area.value.trim().split(/\s+/).filter(Boolean).length;
      // The browser cuts what is pasted past the limit, and says nothing itself.
      const full = area.maxLength > 0 && area.value.length >= area.maxLength;
      const limit = full ? `; no more fits than ${area.maxLength.toLocaleString("en")} characters` : "";
      output.textContent = `${words} ${words === 1 ? "word" : "words"}${limit}`;
    };
    area.addEventListener("input", show);
    show();
  }
}
