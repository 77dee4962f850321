/**
 * The finder page with scripts: the map beside the list, and "near me" on press.
 *
 * The map's 0.4 MB come after the list: at once on wide screens, else when asked for.
 */

import { mayDrawUnasked, showFailure } from "web/map-wanted.js";
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
