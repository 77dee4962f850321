/**
 * "Near me": asks the browser where it is, only when the button is pressed.
 *
 * The position is rounded to 3 decimals (about 100 m), goes to our own API in the body of a POST,
 * and is kept nowhere: not in the address, not in the history, not in storage.
 */

import { post } from "web/api.js";
import { one, page, text } from "web/page.js";

const DECIMALS = 3;
const RESULTS = 20;

/** @param {number} degrees */
const rounded = (degrees) => Number(degrees.toFixed(DECIMALS));

/** Bring the button to life. */
export function near() {
  const button = one("#near-me");
  button.hidden = false;
  button.addEventListener("click", () => void ask(button));
  one("#near-clear").addEventListener("click", clear);
}

/** @param {HTMLElement} button */
async function ask(button) {
  const status = one("#near-status");
  button.setAttribute("aria-busy", "true");
  status.textContent = text("locating");
  try {
    const { coords } = await position();
    const answer = await post(page.nearest ?? "", {
      ...page.filters,
      lon: rounded(coords.longitude),
      lat: rounded(coords.latitude),
      limit: RESULTS,
      lang: page.lang,
    });
    show(answer);
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
  const template = /** @type {HTMLTemplateElement} */ (one("#near-entry"));
  const entries = (/** @type {GeoJSON.Feature[]} */ features) => features.map((feature) => entry(template, feature));
  one("#near-list").replaceChildren(...entries(answer.features));
  one("#near-apart-list").replaceChildren(...entries(answer.without_place));
  one("#near-apart").hidden = answer.without_place.length === 0;
  one("#near-results").hidden = false;
  one("#results").hidden = true;
  one("#near-heading").focus({ preventScroll: true });
  one("#near-heading").scrollIntoView({ block: "start" });
}

function clear() {
  one("#near-results").hidden = true;
  for (const list of ["#near-list", "#near-apart-list"]) one(list).replaceChildren();
  one("#near-status").textContent = "";
  one("#results").hidden = false;
}

/**
 * @param {HTMLTemplateElement} template
 * @param {GeoJSON.Feature} feature
 */
function entry(template, feature) {
  const made = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const of = feature.properties ?? {};
  const title = one("a[data-slot=name]", made);
  title.setAttribute("href", `/${page.lang}/service/${of.service_id}`);
  title.textContent = of.name;
  if (of.name_lang && of.name_lang !== page.lang) title.lang = of.name_lang;
  const state = one("[data-slot=state]", made);
  const word = of.open_now === true ? "open" : of.open_now === false ? "closed" : "unknown";
  state.classList.add(word);
  state.textContent = text(word);
  fill(made, "by", [of.organization_name, of.category_name].filter(Boolean).join(" · "));
  fill(made, "distance", distance(of));
  fill(made, "address", of.address ?? "");
  const phone = one("a[data-slot=phone]", made);
  phone.hidden = !of.phones?.length;
  phone.textContent = of.phones?.[0] ?? "";
  phone.setAttribute("href", `tel:${(of.phones?.[0] ?? "").replace(/[^+\d]/g, "")}`);
  const at = feature.geometry && /** @type {GeoJSON.Point} */ (feature.geometry).coordinates;
  for (const [slot, address] of Object.entries(at ? ways(at) : { geo: "", osm: "" })) {
    const link = one(`a[data-slot=${slot}]`, made);
    link.hidden = !address;
    link.setAttribute("href", address);
  }
  one("[data-slot=demo]", made).hidden = of.demo !== true;
  return made;
}

/**
 * The addresses that lead to a place, as the list's own entries have them.
 *
 * @param {number[]} at
 */
function ways([lon, lat]) {
  const place = `${lat},${lon}`;
  return {
    geo: `geo:${place}?q=${place}`,
    osm: `https://www.openstreetmap.org/directions?to=${place}#map=17/${lat}/${lon}`,
  };
}

/**
 * @param {DocumentFragment} made
 * @param {string} slot
 * @param {string} value
 */
function fill(made, slot, value) {
  const element = one(`[data-slot=${slot}]`, made);
  element.textContent = value;
  element.hidden = !value;
}

/** @param {Record<string, any>} of */
function distance(of) {
  if (of.distance_m == null) return "";
  const number = new Intl.NumberFormat(`${page.lang}-u-nu-latn`, { maximumFractionDigits: 1 });
  const far = of.distance_m < 1000 ? `${number.format(Math.round(of.distance_m / 10) * 10)} m` : `${number.format(of.distance_m / 1000)} km`;
  return of.walk_min == null ? far : text("distance", { far, min: Math.max(1, Math.round(of.walk_min)) });
}
