/**
 * The map of a page of `/ogc/`: the features of that page, whatever their geometry, and nothing that
 * the table beside it does not hold. Choosing a feature leads to its own page.
 *
 * `data-state` of the element says how it is: `waiting`, `loading`, `idle` or `failed`.
 *
 * @typedef {object} MapData what the server says in the block `#map-data`
 * @property {string} features address of the GeoJSON
 * @property {boolean} link whether a feature leads to its page
 * @property {string} styles address of MapLibre's style sheet
 * @property {{tiles: string, attribution: string} | null} basemap
 */

import { AttributionControl, LngLatBounds, Map as MapLibre, NavigationControl, ScaleControl } from "maplibre-gl";

const COLOUR = "#0b4f6c";

/** @returns {MapData} */
function data() {
  return JSON.parse(document.getElementById("map-data")?.textContent ?? "{}");
}

/** @param {string} href */
function loadStyles(href) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.addEventListener("load", resolve, { once: true });
    link.addEventListener("error", reject, { once: true });
    document.head.append(link);
  });
}

/**
 * @param {MapData} said
 * @returns {import("maplibre-gl").StyleSpecification}
 */
function style(said) {
  /** @type {import("maplibre-gl").StyleSpecification} */
  const made = {
    version: 8,
    sources: {},
    layers: [{ id: "canvas", type: "background", paint: { "background-color": "#eef1f4" } }],
  };
  if (said.basemap) {
    made.sources.basemap = {
      type: "raster",
      tiles: [said.basemap.tiles],
      tileSize: 256,
      attribution: said.basemap.attribution,
    };
    made.layers.push({ id: "basemap", type: "raster", source: "basemap", paint: { "raster-saturation": -0.6 } });
  }
  return made;
}

/**
 * @param {GeoJSON.Feature[]} features
 * @returns {LngLatBounds}
 */
function boundsOf(features) {
  const bounds = new LngLatBounds();
  /** @param {any} coordinates */
  const take = (coordinates) => {
    if (typeof coordinates?.[0] === "number") bounds.extend([coordinates[0], coordinates[1]]);
    else for (const one of coordinates ?? []) take(one);
  };
  /** @param {GeoJSON.Geometry | null} geometry */
  const each = (geometry) => {
    if (geometry?.type === "GeometryCollection") geometry.geometries.forEach(each);
    else if (geometry) take(geometry.coordinates);
  };
  for (const feature of features) each(feature.geometry);
  return bounds;
}

/**
 * @param {MapLibre} map
 * @param {GeoJSON.Feature[]} features
 */
function draw(map, features) {
  map.addSource("features", { type: "geojson", data: { type: "FeatureCollection", features } });
  /** @param {string} kind @returns {import("maplibre-gl").FilterSpecification} */
  const only = (kind) => ["==", ["geometry-type"], kind];
  map.addLayer({ id: "areas", type: "fill", source: "features", filter: only("Polygon"), paint: { "fill-color": COLOUR, "fill-opacity": 0.15 } });
  map.addLayer({ id: "lines", type: "line", source: "features", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": COLOUR, "line-width": 1.6 } });
  map.addLayer({
    id: "points", type: "circle", source: "features", filter: only("Point"),
    paint: { "circle-color": COLOUR, "circle-radius": 5, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.5 },
  });
}

/**
 * @param {MapLibre} map
 * @param {MapData} said
 */
function linkFeatures(map, said) {
  const items = said.features.split("?")[0];
  for (const layer of ["points", "lines", "areas"]) {
    map.on("click", layer, (event) => {
      const id = event.features?.[0]?.properties.__id;
      if (id !== undefined) location.assign(`${items}/${encodeURIComponent(id)}?f=html`);
    });
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
}

/**
 * @param {HTMLElement} element
 * @param {MapData} said
 */
async function show(element, said) {
  element.dataset.state = "loading";
  const answer = await fetch(said.features, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${said.features}`);
  const [read] = await Promise.all([answer.json(), loadStyles(said.styles)]);
  /** @type {GeoJSON.Feature[]} */
  const features = (read.features ?? [read]).map((/** @type {GeoJSON.Feature} */ one) => ({
    ...one,
    properties: { __id: String(one.id) },
  }));
  const bounds = boundsOf(features);
  const map = new MapLibre({
    container: element,
    style: style(said),
    ...(bounds.isEmpty() ? {} : { bounds, fitBoundsOptions: { padding: 24, maxZoom: 16 } }),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new AttributionControl({ compact: false }));
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  map.on("error", (event) => console.warn("map:", event.error?.message));
  await map.once("load");
  draw(map, features);
  if (said.link) linkFeatures(map, said);
  map.on("idle", () => (element.dataset.state = "idle"));
  map.triggerRepaint();
}

const element = document.getElementById("layer-map");
if (element) {
  show(element, data()).catch((reason) => {
    console.warn("map:", reason);
    element.dataset.state = "failed";
    const words = document.getElementById("layer-map-words");
    if (words) words.textContent = "The map cannot be drawn in this browser. The table holds everything it shows.";
  });
}
