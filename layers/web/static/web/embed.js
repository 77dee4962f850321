/** The embedded finder with scripts: the map of the list, at once in wide frames, else when asked for. */

import { showFailure } from "web/map-wanted.js";
import { one } from "web/page.js";

const element = one("#map");
const side = one("#map-side");
const button = one("#show-map");

let isDrawn = false;

function draw() {
  side.hidden = false;
  button.setAttribute("aria-expanded", "true");
  if (isDrawn) return;
  isDrawn = true;
  import("web/points.js")
    .then(({ pointMap }) => pointMap(element))
    .catch((reason) => showFailure(element, reason));
}

function hide() {
  side.hidden = true;
  button.setAttribute("aria-expanded", "false");
}

const line = /** @type {{connection?: {saveData?: boolean}}} */ (navigator).connection;
button.hidden = false;
button.addEventListener("click", () => (side.hidden ? draw() : hide()));
if (matchMedia("(min-width: 46rem)").matches && !line?.saveData) draw();

// What the map's card links to opens beside the site that holds the frame, like every link here.
one("#map-card").addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a[href]");
  if (link instanceof HTMLAnchorElement) {
    link.target = "_blank";
    link.rel = "noopener";
  }
});
