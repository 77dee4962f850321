/**
 * The committee page with scripts: the map that moves, one choice everywhere, sorting and loading
 * without a new page.
 */

import { choose, chosen, listen as listenToChoices, mark } from "web/committee-choice.js";
import { listen as listenToFiles } from "web/committee-files.js";
import { listen as listenToLoads } from "web/committee-swap.js";
import { mayDrawUnasked, showFailure } from "web/map-wanted.js";
import { one, page, said } from "web/page.js";
import { sortable } from "web/table.js";

/** @typedef {import("maplibre-gl").Map} Map */

/** @type {Promise<Map> | null} */
let today = null;

/**
 * Draw a view in its part of the page, in the place of its picture.
 *
 * @param {HTMLElement} part
 * @returns {Promise<Map>}
 */
async function draw(part) {
  const [frame, picture] = [one("[data-frame]", part), one("[data-picture]", part)];
  const element = one(".map", part);
  frame.hidden = false;
  picture.hidden = true;
  try {
    const { viewMap } = await import("web/committee-map.js");
    return await viewMap(element, part.dataset.view ?? "");
  } catch (reason) {
    picture.hidden = false;
    showFailure(element, reason);
    throw reason;
  }
}

/** @returns {Promise<Map>} the first map, drawn once */
function drawToday() {
  one("#show-map").hidden = true;
  today ??= draw(one('[data-view="today"]')).then(async (map) => {
    const { drawProposals } = await import("web/committee-map.js");
    drawProposals(map);
    return map;
  });
  return today;
}

/** Draw the three maps of a scenario, so that they move together. */
async function drawThen() {
  one("#move-together").hidden = true;
  const { moveTogether } = await import("web/committee-map.js");
  const parts = [...document.querySelectorAll("#what-if [data-view]")];
  const maps = [];
  for (const part of parts) maps.push(await draw(/** @type {HTMLElement} */ (part)));
  moveTogether(maps);
}

/** @param {HTMLElement} button a press on the map adds a place to the scenario */
async function placeOnMap(button) {
  const form = /** @type {HTMLFormElement} */ (one("#scenario"));
  const category = /** @type {HTMLSelectElement} */ (one("#open_category"));
  if (!category.value) {
    said(button.dataset.first ?? "");
    category.focus();
    return;
  }
  const map = await drawToday();
  said(button.dataset.hint ?? "");
  one('[data-view="today"]').scrollIntoView({ block: "center" });
  map.getCanvas().focus({ preventScroll: true });
  const { pressedSpot } = await import("web/committee-map.js");
  const spot = await pressedSpot(map);
  if (!spot) {
    button.focus();
    return;
  }
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "open";
  field.value = `${category.value}:${spot.lng.toFixed(5)}:${spot.lat.toFixed(5)}`;
  form.append(field);
  category.value = "";
  /** @type {HTMLSelectElement} */ (one("#open_district")).value = "";
  form.requestSubmit();
}

/** Leave out of the address what nobody filled in. */
function keepAddressesShort() {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.method !== "get") return;
    for (const field of form.elements) {
      if ((field instanceof HTMLInputElement || field instanceof HTMLSelectElement) && !field.value) field.disabled = true;
    }
    // The page may be shown again from memory: the fields are then wanted.
    setTimeout(() => {
      for (const field of form.elements) if ("disabled" in field) /** @type {HTMLInputElement} */ (field).disabled = false;
    });
  });
}

listenToChoices();
listenToFiles();
listenToLoads();
keepAddressesShort();
sortable(/** @type {HTMLTableElement} */ (one("#ranking")));
document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("button");
  if (button?.id === "show-map") drawToday().catch(() => {});
  if (button && "draw" in button.dataset) {
    button.hidden = true;
    draw(/** @type {HTMLElement} */ (button.closest("[data-view]"))).catch(() => {});
  }
  if (button?.id === "move-together") drawThen().catch(() => {});
  if (button?.id === "place-on-map") placeOnMap(button).catch(() => {});
});
document.addEventListener("geoaccmr:swapped", () => {
  mark();
  if (!today) return;
  Promise.all([today, import("web/committee-map.js")])
    .then(([map, { drawProposals }]) => drawProposals(map))
    .catch(() => {});
});
if (mayDrawUnasked()) drawToday().catch(() => {});

const test = /** @type {{geoaccmrTest?: {choose?: typeof choose, chosen?: typeof chosen}}} */ (window).geoaccmrTest;
if (test) Object.assign(test, { choose, chosen, committee: () => page.committee });
