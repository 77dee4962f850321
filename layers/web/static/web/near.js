/**
 * "Near me": asks the browser where it is, only when the button is pressed.
 *
 * The position is rounded to 3 decimals (about 100 m), goes to our own API in the body of a POST,
 * and is kept nowhere: not in the address, not in the history, not in storage.
 */

import { post } from "web/api.js";
import { entries } from "web/entries.js";
import { one, page, text } from "web/page.js";

const DECIMALS = 3;
const RESULTS = 20;

/**
 * @typedef {object} Shower what else shows the answer: the map
 * @property {() => Promise<void>} asked see to it that what the form holds is what the page asks
 * @property {(spot: [number, number], found: GeoJSON.Feature[]) => void} near
 * @property {() => void} forget
 */

/** @param {number} degrees */
const rounded = (degrees) => Number(degrees.toFixed(DECIMALS));

/** Whether the page shows what is near the reader: then no part of the map may be asked for by address. */
export const isNear = () => !one("#near-results").hidden;

/**
 * Bring the button to life.
 *
 * @param {Shower} shower
 */
export function near(shower) {
  const button = one("#near-me");
  button.hidden = false;
  button.addEventListener("click", () => void ask(button, shower));
  one("#near-clear").addEventListener("click", () => {
    clearNear();
    shower.forget();
    button.focus();
  });
}

/**
 * @param {HTMLElement} button
 * @param {Shower} shower
 */
async function ask(button, shower) {
  const status = one("#near-status");
  button.setAttribute("aria-busy", "true");
  status.textContent = text("locating");
  try {
    await shower.asked();
    status.textContent = text("locating");
    const { coords } = await position();
    /** @type {[number, number]} */
    const spot = [rounded(coords.longitude), rounded(coords.latitude)];
    const answer = await post(page.nearest ?? "", {
      ...page.filters,
      lon: spot[0],
      lat: spot[1],
      limit: RESULTS,
      lang: page.lang,
    });
    show(answer);
    shower.near(spot, answer.features);
    const n = answer.features.length;
    status.textContent = n ? text("nearFound", { n }) : text("nearNone");
  } catch (reason) {
    status.textContent = failure(reason);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** @returns {Promise<GeolocationPosition>} */
function position() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) reject(new Error("no geolocation"));
    navigator.geolocation.getCurrentPosition(resolve, reject, { timeout: 15000, maximumAge: 60000 });
  });
}

/** @param {unknown} reason */
function failure(reason) {
  if (reason instanceof GeolocationPositionError) {
    return text(reason.code === reason.PERMISSION_DENIED ? "nearDenied" : "nearUnknown");
  }
  console.warn("near:", reason);
  return text("nearFailed");
}

/** @param {{features: GeoJSON.Feature[], without_place: GeoJSON.Feature[]}} answer */
function show(answer) {
  one("#near-list").replaceChildren(...entries(answer.features));
  one("#near-apart-list").replaceChildren(...entries(answer.without_place));
  one("#near-apart").hidden = answer.without_place.length === 0;
  one("#near-results").hidden = false;
  one("#results").hidden = true;
  one("#near-heading").focus({ preventScroll: true });
  one("#near-heading").scrollIntoView({ block: "start" });
}

/** Show the whole list again, and keep nothing of what was near. */
export function clearNear() {
  one("#near-results").hidden = true;
  for (const list of ["#near-list", "#near-apart-list"]) one(list).replaceChildren();
  one("#near-status").textContent = "";
  one("#results").hidden = false;
}
