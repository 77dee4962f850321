/**
 * What the server tells the scripts of a page, in its block `#page-data`.
 *
 * @typedef {object} FontFace
 * @property {string} url
 * @property {string[]} unicodeRange
 *
 * @typedef {object} PageData
 * @property {string} lang language asked for
 * @property {[number, number, number, number] | null} bounds west, south, east, north of the municipality
 * @property {string} mapStyles address of MapLibre's style sheet
 * @property {Record<"regular" | "bold", FontFace[]>} fonts
 * @property {import("web/basemap.js").Basemap | null} basemap
 * @property {{layer: string, kind: "water" | "park" | "road"}[]} [context] layers of our own below the districts
 * @property {string} source whom the district borders are owed to
 * @property {string} districts address of the district borders
 * @property {string} districtNames address of the points at which their names stand
 * @property {string} [outline] address of the border of the municipality
 * @property {string | null} [above] address of the borders of the districts that these make up
 * @property {[number, number, number, number] | null} [box] part of the map that is asked for
 * @property {string[]} [kinds] top categories that have a sign
 * @property {string} [icons] address of the signs
 * @property {string} [points] address of the service points that the list shows
 * @property {string} [nearest] address that answers what is nearest
 * @property {Record<string, unknown>} [filters] what the form asks, as the API takes it
 * @property {Record<string, string>} texts words of the page, in its interface language
 * @property {Record<string, string>} mapTexts words of the map's controls
 * @property {Committee} [committee]
 *
 * @typedef {object} CommitteeView
 * @property {string[]} colours by class
 * @property {Record<string, {class: number | null, state: string, uncertain: boolean, text: string}>} areas
 *   by district code; class null: nobody lives there, or withheld, as `state` says
 *
 * @typedef {object} Committee
 * @property {Record<string, CommitteeView>} views
 * @property {string | null} chosen code of the chosen area
 * @property {{number: string, ring: [number, number][]}[]} proposals
 * @property {Record<string, string>} texts
 */

/** @returns {PageData} */
function read() {
  const block = document.getElementById("page-data");
  return JSON.parse(block?.textContent ?? "{}");
}

export const page = read();

/**
 * Return a text of the page, with `{name}` filled in.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function text(key, values = {}) {
  const template = page.texts[key] ?? key;
  return template.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * Return the element of a selector; a page without it was put together wrongly.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T}
 */
export function one(selector, root = document) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`no ${selector} on this page`);
  return /** @type {T} */ (found);
}

/**
 * Return what a token of tokens.css stands for now, in the scheme that is shown.
 *
 * @param {string} name without dashes
 */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * Say something to readers who hear the page, in its line `#said`, and to those who see it.
 *
 * @param {string} words
 */
export function said(words) {
  const line = document.getElementById("said");
  if (!line) return;
  line.textContent = words;
  if (words) setTimeout(() => line.textContent === words && (line.textContent = ""), 8000);
}
