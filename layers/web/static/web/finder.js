/**
 * The finder page with scripts: the map beside the list and in step with it, questions that are
 * answered in place, and "near me" on press.
 *
 * The map's 0.4 MB come after the list: at once on wide screens, else when asked for.
 */

import { mayDrawUnasked, showFailure } from "web/map-wanted.js";
import { isNear, near } from "web/near.js";
import { one } from "web/page.js";
import { addressOf, go, inPlace } from "web/results.js";

const element = one("#map");
const side = one("#map-side");
const searchArea = one("#search-area");

/** @typedef {import("web/points.js").PointMap} PointMap */

/** @type {Promise<PointMap | null> | null} */
let drawn = null;
/** What is to be shown once the map is there. @type {((map: PointMap) => void) | null} */
let pending = null;

function draw() {
  side.hidden = false;
  drawn ??= import("web/points.js")
    .then(({ pointMap }) => pointMap(element))
    .then((map) => {
      pending?.(map);
      map.map.on("moveend", (event) => {
        if (event.originalEvent) searchArea.hidden = isNear();
      });
      return map;
    })
    .catch((reason) => {
      showFailure(element, reason);
      return null;
    });
  tell();
  return drawn;
}

/** The buttons that show the map lie in lists, one of which is made anew: they are told how things are. */
function tell() {
  for (const button of document.querySelectorAll(".show-map")) {
    button.removeAttribute("hidden");
    button.setAttribute("aria-expanded", String(!side.hidden));
  }
}

/** Bring to life what the server put on the list. */
function dress() {
  for (const show of document.querySelectorAll("[data-show]")) show.removeAttribute("hidden");
  tell();
}

/** @param {(map: PointMap) => void} what */
function withMap(what) {
  if (!drawn) pending = what;
  else void drawn.then((map) => map && what(map));
}

inPlace(() => {
  searchArea.hidden = true;
  dress();
  pending = null;
  if (drawn) withMap((map) => void map.update());
});

near({
  async asked() {
    // What was chosen and not yet sent is meant, too: else the nearest of everything would appear.
    const wanted = addressOf(/** @type {HTMLFormElement} */ (one("#question")));
    if (wanted !== location.href) await go(wanted);
  },
  near(spot, found) {
    searchArea.hidden = true;
    withMap((map) => map.near(spot, found));
  },
  forget() {
    pending = null;
    if (drawn) withMap((map) => void map.forget());
  },
});

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (target.closest(".show-map")) {
    if (side.hidden) {
      void draw();
      side.scrollIntoView({ block: "start" });
    } else side.hidden = true;
    tell();
  }
  const show = target.closest("[data-show]");
  if (show) {
    void draw().then((map) => map?.showOne(show.getAttribute("data-show") ?? ""));
    side.scrollIntoView({ block: "nearest" });
  }
});

for (const [on, off] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  document.addEventListener(on, (event) => mark(event, true));
  document.addEventListener(off, (event) => mark(event, false));
}

/** @param {Event} event @param {boolean} isOver */
function mark(event, isOver) {
  const entry = /** @type {Element} */ (event.target).closest?.(".entry[data-id]");
  if (entry && drawn) withMap((map) => map.point(isOver ? entry.getAttribute("data-id") : null));
}

searchArea.addEventListener("click", () => {
  withMap(({ map }) => {
    const box = map.getBounds().toArray().flat().map((degrees) => Number(degrees.toFixed(4)));
    const form = /** @type {HTMLFormElement} */ (one("#question"));
    const address = new URL(addressOf(form));
    address.searchParams.set("bbox", box.join(","));
    searchArea.hidden = true;
    void go(address.href);
  });
});

dress();
if (mayDrawUnasked()) void draw();
else side.hidden = true;
tell();
