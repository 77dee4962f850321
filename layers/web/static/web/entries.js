/**
 * Entries of the list "near you", made from the template of the page and looking like the others.
 */

import { one, page, text } from "web/page.js";

/** @typedef {Record<string, any>} Properties */

/**
 * @param {GeoJSON.Feature[]} features
 * @returns {DocumentFragment[]}
 */
export function entries(features) {
  const template = /** @type {HTMLTemplateElement} */ (one("#near-entry"));
  return features.map((feature) => entry(template, feature));
}

/**
 * @param {HTMLTemplateElement} template
 * @param {GeoJSON.Feature} feature
 */
function entry(template, feature) {
  const made = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const of = feature.properties ?? {};
  one(".entry", made).dataset.id = String(feature.id);
  const title = one("a[data-slot=name]", made);
  title.setAttribute("href", `/${page.lang}/service/${of.service_id}`);
  title.textContent = of.name;
  if (of.name_lang && of.name_lang !== page.lang) title.lang = of.name_lang;
  fillState(one("[data-slot=state]", made), of);
  fill(made, "by", [of.category_name, of.organization_name].filter(Boolean).join(" · "));
  fill(made, "distance", distance(of));
  fill(made, "address", of.address ?? "");
  fill(made, "languages", languages(of));
  fill(made, "verified", of.verified_on ? text("verified", { date: day(of.verified_on) }) : "");
  one("[data-slot=unverified]", made).hidden = Boolean(of.verified_on);
  fill(made, "phone", of.phones?.[0] ?? "");
  one("a[data-slot=phone]", made).setAttribute("href", `tel:${(of.phones?.[0] ?? "").replace(/[^+\d]/g, "")}`);
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
 * @param {HTMLElement} state
 * @param {Properties} of
 */
function fillState(state, of) {
  const word = of.open_now === true ? "open" : of.open_now === false ? "closed" : "unknown";
  state.classList.add(word);
  state.textContent = text(word === "unknown" && of.by_appointment ? "byAppointment" : word);
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
  (element.querySelector("[data-words]") ?? element).textContent = value;
  element.hidden = !value;
}

/** @param {Properties} of */
function languages(of) {
  const names = new Intl.DisplayNames([page.lang], { type: "language" });
  /** @param {string} code */
  const named = (code) => {
    try {
      return names.of(code) ?? code;
    } catch {
      return code;
    }
  };
  return (of.languages ?? []).map(named).join(", ");
}

/** @param {string} date */
function day(date) {
  const lang = page.lang === "en" ? "en-GB" : page.lang; // the order of day and month that the list has
  const form = new Intl.DateTimeFormat(`${lang}-u-nu-latn-ca-gregory`, { dateStyle: "long", timeZone: "UTC" });
  return form.format(new Date(`${date}T00:00:00Z`));
}

/** @param {Properties} of */
function distance(of) {
  if (of.distance_m == null) return "";
  const number = new Intl.NumberFormat(`${page.lang}-u-nu-latn`, { maximumFractionDigits: 1 });
  const [m, km] = [page.mapTexts["ScaleControl.Meters"], page.mapTexts["ScaleControl.Kilometers"]];
  const far = of.distance_m < 1000 ? `${number.format(Math.round(of.distance_m / 10) * 10)} ${m}` : `${number.format(of.distance_m / 1000)} ${km}`;
  return of.walk_min == null ? far : text("distance", { far, min: Math.max(1, Math.round(of.walk_min)) });
}
