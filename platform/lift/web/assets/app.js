// Everything here only adds to pages that work without it.
import "htmx.org";
import { arrivals, known } from "./js/arrivals.js";
import { autosave } from "./js/autosave.js";
import { drafts } from "./js/drafts.js";
import { folds } from "./js/folds.js";
import { follow } from "./js/follow.js";
import { forms } from "./js/forms.js";
import { menus } from "./js/menus.js";
import { reviews } from "./js/reviews.js";
import { fresh } from "./js/once.js";
import { settle } from "./js/settle.js";
import { signals } from "./js/signals.js";
import { timers } from "./js/timers.js";
import { counters } from "./js/counters.js";
import { zones } from "./js/zones.js";

// These listen on the document, once.
signals(document);
forms(document);
menus(document);
folds(document);
reviews(document);

// These look for elements, so they look again wherever htmx has put new ones.
function wire(root) {
  autosave(root);
  drafts(root);
  counters(root);
  timers(root);
  follow(root);
  zones(root);
  // Once each: another part of the page that is renewed later must not take the focus back.
  fresh(root, "[data-focus]", "focus")[0]?.focus();
}

wire(document);
known(document);
document.addEventListener("htmx:after:swap", (event) => {
  wire(document);
  settle(document, event.detail?.ctx?.target);
  arrivals(document);
});
