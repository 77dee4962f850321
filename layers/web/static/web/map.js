/**
 * The map that every page starts from: no base map unless the deployment chose one, the borders of
 * the districts with their names, controls in the page's words, fonts of our own.
 *
 * `data-state` of the element says how it is: `loading`, `idle` or `failed`.
 */

import { AttributionControl, Map as MapLibre, NavigationControl, ScaleControl } from "maplibre-gl";
import { features } from "web/api.js";
import { page } from "web/page.js";

/** @typedef {import("maplibre-gl").Map} Map */

export const REGULAR = ["Noto Sans"];
export const BOLD = ["Noto Sans Bold"];
const CANVAS = "#eef1f4";

/** @returns {import("maplibre-gl").StyleSpecification} */
function style() {
  /** @param {import("web/page.js").FontFace[]} faces */
  const faces = (faces) =>
    faces.map((face) => ({
      url: new URL(face.url, location.href).href,
      "unicode-range": face.unicodeRange,
    }));
  /** @type {import("maplibre-gl").StyleSpecification} */
  const made = {
    version: 8,
    "font-faces": { [REGULAR[0]]: faces(page.fonts.regular), [BOLD[0]]: faces(page.fonts.bold) },
    sources: {},
    layers: [{ id: "canvas", type: "background", paint: { "background-color": CANVAS } }],
  };
  if (page.basemap) {
    made.sources.basemap = {
      type: "raster",
      tiles: [page.basemap.tiles],
      tileSize: 256,
      attribution: page.basemap.attribution,
    };
    made.layers.push({ id: "basemap", type: "raster", source: "basemap", paint: { "raster-saturation": -0.6 } });
  }
  return made;
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
    document.head.append(link);
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
  await loadStyles();
  const map = new MapLibre({
    container: element,
    style: style(),
    bounds: page.bounds ?? [23.68, 37.94, 23.79, 38.04],
    fitBoundsOptions: { padding: 16 },
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
    const [borders, names] = await Promise.all([
      features(page.districts),
      features(page.districtNames),
      map.once("load"),
    ]);
    drawDistricts(map, borders, names);
    expose(map);
    return map;
  } catch (reason) {
    map.remove();
    throw reason;
  }
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
 * @param {GeoJSON.Feature[]} borders
 * @param {GeoJSON.Feature[]} names points: the name of an area would be drawn once per tile
 */
function drawDistricts(map, borders, names) {
  map.addSource("districts", {
    type: "geojson",
    promoteId: "code",
    data: { type: "FeatureCollection", features: borders },
  });
  map.addSource("district-names", {
    type: "geojson",
    data: { type: "FeatureCollection", features: names },
  });
  map.addLayer({
    id: "district-fill",
    type: "fill",
    source: "districts",
    paint: { "fill-color": "#ffffff", "fill-opacity": page.basemap ? 0 : 0.75 },
  });
  map.addLayer({
    id: "district-line",
    type: "line",
    source: "districts",
    paint: {
      "line-color": "#8fa3ae",
      "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.5, 15, 1.8],
    },
  });
  map.addLayer({
    id: "district-names",
    type: "symbol",
    source: "district-names",
    minzoom: 11,
    layout: {
      "text-field": ["get", "name"],
      "text-font": REGULAR,
      "text-size": ["interpolate", ["linear"], ["zoom"], 11, 10, 15, 14],
      "text-max-width": 7,
      "text-padding": 4,
    },
    paint: { "text-color": "#52646f", "text-halo-color": "#ffffff", "text-halo-width": 1.4 },
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
