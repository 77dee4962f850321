/**
 * The committee page with scripts: the map of the ranking table, and sorting without a new page.
 */

import { showFailure } from "web/map-failure.js";
import { one } from "web/page.js";
import { sortable } from "web/table.js";

const element = one("#map");
const table = /** @type {HTMLTableElement} */ (one("#ranking"));

sortable(table);
import("web/choropleth.js")
  .then(({ choroplethMap }) => choroplethMap(element, table))
  .catch((reason) => showFailure(element, reason));
