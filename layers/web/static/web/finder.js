/**
 * The finder page with scripts: the map beside the list, and "near me" on press.
 *
 * The map's 0.4 MB come after the list: at once on wide screens, else when asked for.
 */

import { showFailure } from "web/map-failure.js";
import { near } from "web/near.js";
import { one } from "web/page.js";

const element = one("#map");
const side = one("#map-side");
const button = one("#show-map");

/** @type {Promise<{choose: (id: string) => void} | null> | null} */
let drawn = null;

function draw() {
  side.hidden = false;
  button.setAttribute("aria-expanded", "true");
  drawn ??= import("web/points.js")
    .then(({ pointMap }) => pointMap(element))
    .catch((reason) => {
      showFailure(element, reason);
      return null;
    });
  return drawn;
}

function hide() {
  side.hidden = true;
  button.setAttribute("aria-expanded", "false");
}

/** Whether the reader's line and screen are wide enough not to ask first. */
function mayDrawUnasked() {
  const line = /** @type {{connection?: {saveData?: boolean}}} */ (navigator).connection;
  return matchMedia("(min-width: 62rem)").matches && !line?.saveData;
}

button.hidden = false;
button.addEventListener("click", () => (side.hidden ? void draw() : hide()));
if (mayDrawUnasked()) void draw();
else hide();

document.addEventListener("click", async (event) => {
  const target = /** @type {Element} */ (event.target).closest("[data-show]");
  if (!target) return;
  const map = await draw();
  map?.choose(target.getAttribute("data-show") ?? "");
  element.scrollIntoView({ block: "nearest" });
});
for (const show of document.querySelectorAll("[data-show]")) show.removeAttribute("hidden");

near();
