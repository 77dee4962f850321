/**
 * The map that every page starts from: what the deployment chose to lie below, our own layers of
 * water, parks and roads where a city has them, the borders of districts with their names, controls in
 * the page's words, fonts and colours of our own.
 *
 * `data-state` of the element says how it is: `loading`, `idle` or `failed`.
 */

import { AttributionControl, Map as MapLibre, NavigationControl, ScaleControl } from "maplibre-gl";
import { features } from "web/api.js";
import { background, contextLayers } from "web/basemap.js";
import { page, token } from "web/page.js";

/** @typedef {import("maplibre-gl").Map} Map */

export const REGULAR = ["Noto Sans"];
export const BOLD = ["Noto Sans Bold"];
const ATHENS = /** @type {[number, number, number, number]} */ ([23.68, 37.94, 23.79, 38.04]);
const DARK = matchMedia("(prefers-color-scheme: dark)");

/**
 * Colours of layers: by layer, by property, the token. They follow the scheme of the reader.
 *
 * @typedef {Record<string, Record<string, string>>} Colours
 */

/** @type {Colours} */
const COLOURS = {
  canvas: { "background-color": "map-canvas" },
  "city-land": { "fill-color": "map-land" },
  "city-shade": { "line-color": "map-line" },
  "district-line": { "line-color": "map-line" },
  "above-line": { "line-color": "map-line-strong" },
  "city-line": { "line-color": "map-line-strong" },
  "district-names": { "text-color": "map-label", "text-halo-color": "map-halo" },
};

/** @returns {import("maplibre-gl").StyleSpecification["font-faces"]} */
function fonts() {
  /** @param {import("web/page.js").FontFace[]} faces */
  const faces = (faces) =>
    faces.map((face) => ({
      url: new URL(face.url, location.href).href,
      "unicode-range": face.unicodeRange,
    }));
  return { [REGULAR[0]]: faces(page.fonts.regular), [BOLD[0]]: faces(page.fonts.bold) };
}

/**
 * Keep brackets from being turned round twice. MapLibre orders the letters of a label itself and then
 * draws each alone; on a page that runs from the right the browser would mirror it once more.
 */
function drawLettersAsTheyAre() {
  const original = OffscreenCanvas.prototype.getContext;
  Object.defineProperty(OffscreenCanvas.prototype, "getContext", {
    configurable: true,
    /** @this {OffscreenCanvas} @param {Parameters<typeof original>} given */
    value(...given) {
      const context = original.apply(this, given);
      if (context && "direction" in context) context.direction = "ltr";
      return context;
    },
  });
}

/** Load MapLibre's style sheet, which pages without a map never ask for. */
function loadStyles() {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = page.mapStyles;
    link.addEventListener("load", resolve, { once: true });
    link.addEventListener("error", reject, { once: true });
    document.head.prepend(link); // ours decide
  });
}

/**
 * Draw the map into an element, with the districts of the page.
 *
 * @param {HTMLElement} element
 * @returns {Promise<Map>}
 * @throws when the browser cannot draw maps or the districts do not come
 */
export async function cityMap(element) {
  element.dataset.state = "loading";
  if (document.documentElement.dir === "rtl") drawLettersAsTheyAre();
  const [style] = await Promise.all([background(fonts()), loadStyles()]);
  const map = new MapLibre({
    container: element,
    style,
    bounds: page.box ?? page.bounds ?? ATHENS,
    fitBoundsOptions: { padding: page.box ? 0 : 16 },
    locale: page.mapTexts,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new AttributionControl({ compact: false, customAttribution: page.source }));
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  // Tiles of a base map that do not come leave our own layers as they are.
  map.on("error", (event) => console.warn("map:", event.error?.message));
  try {
    const [borders, names, city, above] = await Promise.all([
      features(page.districts),
      features(page.districtNames),
      page.outline ? features(page.outline) : [],
      page.above ? features(page.above) : [],
      map.once("load"),
    ]);
    drawCity(map, city);
    contextLayers(map);
    drawDistricts(map, borders, above, city, names);
    inColours(map, COLOURS);
    expose(map);
    return map;
  } catch (reason) {
    map.remove();
    throw reason;
  }
}

/**
 * Give layers their colours, and others when the reader's scheme changes.
 *
 * @param {Map} map
 * @param {Colours} colours
 */
export function inColours(map, colours) {
  const paint = () => {
    for (const [layer, properties] of Object.entries(colours)) {
      if (!map.getLayer(layer)) continue;
      for (const [property, name] of Object.entries(properties)) {
        map.setPaintProperty(layer, /** @type {any} */ (property), token(name));
      }
    }
  };
  paint();
  DARK.addEventListener("change", paint);
}

/**
 * Let `data-state` follow the map, from when the page has added its own layers.
 *
 * @param {HTMLElement} element
 * @param {Map} map
 */
export function announceIdle(element, map) {
  map.on("idle", () => (element.dataset.state = "idle"));
  map.on("movestart", () => (element.dataset.state = "loading"));
  map.triggerRepaint();
}

/**
 * @param {Map} map
 * @param {string} id
 * @param {GeoJSON.Feature[]} features
 */
function addSource(map, id, features) {
  map.addSource(id, { type: "geojson", promoteId: "code", data: { type: "FeatureCollection", features } });
}

/**
 * The ground of the city, lifted a little from what lies around it.
 *
 * @param {Map} map
 * @param {GeoJSON.Feature[]} city
 */
function drawCity(map, city) {
  addSource(map, "city", city);
  map.addLayer({ id: "city-shade", type: "line", source: "city", paint: { "line-width": 14, "line-blur": 12, "line-opacity": 0.55 } });
  map.addLayer({ id: "city-land", type: "fill", source: "city", paint: { "fill-opacity": page.basemap ? 0 : 1 } });
}

/**
 * @param {Map} map
 * @param {GeoJSON.Feature[]} borders
 * @param {GeoJSON.Feature[]} above districts that are made of these
 * @param {GeoJSON.Feature[]} city
 * @param {GeoJSON.Feature[]} names points: the name of an area would be drawn once per tile
 */
function drawDistricts(map, borders, above, city, names) {
  addSource(map, "districts", borders);
  addSource(map, "above", above);
  map.addSource("district-names", { type: "geojson", data: { type: "FeatureCollection", features: names } });
  // Not seen, but there to be asked what lies under the pointer.
  map.addLayer({ id: "district-fill", type: "fill", source: "districts", paint: { "fill-color": "#ffffff", "fill-opacity": city.length || page.basemap ? 0 : 0.75 } });
  map.addLayer({
    id: "district-line", type: "line", source: "districts",
    paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.5, 15, 1.6] },
  });
  map.addLayer({
    id: "above-line", type: "line", source: "above",
    paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.8, 15, 2.2], "line-opacity": 0.75 },
  });
  map.addLayer({
    id: "city-line", type: "line", source: "city",
    paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 10, 1.2, 15, 3] },
  });
  map.addLayer({
    id: "district-names", type: "symbol", source: "district-names", minzoom: 11,
    layout: {
      "text-field": ["get", "name"],
      "text-font": REGULAR,
      "text-size": ["interpolate", ["linear"], ["zoom"], 11, 10, 15, 15],
      "text-max-width": 7,
      "text-padding": 4,
      "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
      "text-radial-offset": 0.7,
    },
    paint: { "text-halo-width": 1.4 },
  });
}

/**
 * Browser tests ask the map what it drew; they say so before the page begins.
 *
 * @param {Map} map
 */
function expose(map) {
  const test = /** @type {{geoaccmrTest?: {map?: Map}}} */ (window).geoaccmrTest;
  if (test) test.map = map;
}
