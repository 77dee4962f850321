/**
 * The committee page with scripts: the map of the ranking table, and sorting without a new page.
 */

import { mayDrawUnasked, showFailure } from "web/map-wanted.js";
import { one } from "web/page.js";
import { sortable } from "web/table.js";

const element = one("#map");
const frame = one("#map-frame");
const button = one("#show-map");
const table = /** @type {HTMLTableElement} */ (one("#ranking"));

function draw() {
  frame.hidden = false;
  button.hidden = true;
  import("web/choropleth.js")
    .then(({ choroplethMap }) => choroplethMap(element, table))
    .catch((reason) => showFailure(element, reason));
}

sortable(table);
button.addEventListener("click", draw);
if (mayDrawUnasked()) {
  draw();
} else {
  frame.hidden = true;
  button.hidden = false;
}
