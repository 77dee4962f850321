/**
 * The service points of the list on the map: clusters with counts, a card for what was chosen.
 */

import { features } from "web/api.js";
import { BOLD, REGULAR, announceIdle, cityMap } from "web/map.js";
import { one, page, text } from "web/page.js";

/** @typedef {import("maplibre-gl").Map} Map */
/** @typedef {import("maplibre-gl").GeoJSONSource} GeoJSONSource */

const CLUSTER_MAX_ZOOM = 16;
const COLOUR = "#0b4f6c";
const CHOSEN = "#b45309";

/**
 * @param {HTMLElement} element
 * @returns {Promise<{map: Map, choose: (id: string) => void}>}
 */
export async function pointMap(element) {
  const asked = features(page.points ?? "");
  asked.catch(() => undefined); // told below, after the map's own faults
  const map = await cityMap(element);
  const points = await asked;
  const placed = points.filter((point) => point.geometry);
  for (const point of placed) point.properties = { ...point.properties, id: String(point.id) };
  drawPoints(map, placed);
  const card = one("#map-card");
  const choose = (/** @type {string} */ id) => {
    const point = placed.find((one) => one.id === id);
    if (point) select(map, card, [point]);
  };
  listen(map, card);
  announceIdle(element, map);
  element.dataset.points = String(placed.length);
  return { map, choose };
}

/**
 * @param {Map} map
 * @param {GeoJSON.Feature[]} points
 */
function drawPoints(map, points) {
  map.addSource("points", {
    type: "geojson",
    data: { type: "FeatureCollection", features: points },
    cluster: true,
    clusterMaxZoom: CLUSTER_MAX_ZOOM,
    clusterRadius: 38,
  });
  const clustered = /** @type {import("maplibre-gl").FilterSpecification} */ (["has", "point_count"]);
  const single = /** @type {import("maplibre-gl").FilterSpecification} */ (["!", ["has", "point_count"]]);
  map.addLayer({
    id: "clusters", type: "circle", source: "points", filter: clustered,
    paint: {
      "circle-color": COLOUR,
      "circle-opacity": 0.92,
      "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 2, 14, 20, 20, 200, 28],
      "circle-stroke-color": "#ffffff",
      "circle-stroke-width": 2,
    },
  });
  map.addLayer({
    id: "cluster-counts", type: "symbol", source: "points", filter: clustered,
    layout: { "text-field": ["get", "point_count_abbreviated"], "text-font": BOLD, "text-size": 13, "text-allow-overlap": true },
    paint: { "text-color": "#ffffff" },
  });
  map.addLayer({
    id: "points", type: "circle", source: "points", filter: single,
    paint: {
      "circle-color": COLOUR,
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, 5, 15, 8],
      "circle-stroke-color": "#ffffff",
      "circle-stroke-width": 2,
    },
  });
  map.addLayer({
    id: "chosen", type: "circle", source: "points", filter: ["in", ["get", "id"], ["literal", []]],
    paint: { "circle-color": CHOSEN, "circle-radius": 11, "circle-stroke-color": "#ffffff", "circle-stroke-width": 3 },
  });
  map.addLayer({
    id: "point-names", type: "symbol", source: "points", filter: single, minzoom: 13.5,
    layout: {
      "text-field": ["get", "name"],
      "text-font": REGULAR,
      "text-size": 12,
      "text-max-width": 9,
      "text-variable-anchor": ["left", "right", "top", "bottom"],
      "text-radial-offset": 0.9,
      "text-justify": "auto",
      "text-optional": true,
    },
    paint: { "text-color": "#17252d", "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
  });
}

/**
 * @param {Map} map
 * @param {HTMLElement} card
 */
function listen(map, card) {
  map.on("click", "points", (event) => select(map, card, event.features ?? []));
  map.on("click", "clusters", async (event) => {
    const cluster = event.features?.[0];
    if (cluster) await open(map, card, cluster);
  });
  for (const layer of ["points", "clusters"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
}

/**
 * Zoom into a cluster; where nearer would not part it, name its members.
 *
 * @param {Map} map
 * @param {HTMLElement} card
 * @param {GeoJSON.Feature} cluster
 */
async function open(map, card, cluster) {
  const source = /** @type {GeoJSONSource} */ (map.getSource("points"));
  const id = cluster.properties?.cluster_id;
  const zoom = await source.getClusterExpansionZoom(id);
  if (zoom > CLUSTER_MAX_ZOOM) {
    select(map, card, await source.getClusterLeaves(id, 100, 0));
  } else {
    map.easeTo({ center: /** @type {GeoJSON.Point & {coordinates: [number, number]}} */ (cluster.geometry).coordinates, zoom });
  }
}

/**
 * @param {Map} map
 * @param {HTMLElement} card
 * @param {GeoJSON.Feature[]} points
 */
function select(map, card, points) {
  const ids = points.map((point) => String(point.properties?.id ?? point.id));
  map.setFilter("chosen", ["in", ["get", "id"], ["literal", ids]]);
  fillCard(card, points);
  for (const entry of document.querySelectorAll(".entry[data-id]")) {
    const chosen = ids.includes(entry.getAttribute("data-id") ?? "");
    entry.classList.toggle("selected", chosen);
    if (chosen && ids.length === 1 && matchMedia("(min-width: 62rem)").matches) {
      entry.scrollIntoView({ block: "nearest" });
    }
  }
  const place = /** @type {GeoJSON.Point} */ (points[0]?.geometry);
  if (place && points.length === 1) {
    const center = /** @type {[number, number]} */ (place.coordinates);
    map.easeTo({ center, zoom: Math.max(map.getZoom(), 15) });
  }
}

/**
 * @param {HTMLElement} card
 * @param {GeoJSON.Feature[]} points
 */
function fillCard(card, points) {
  const list = document.createElement("ul");
  for (const point of points) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `/${page.lang}/service/${point.properties?.service_id}`;
    link.textContent = point.properties?.name ?? "";
    if (point.properties?.name_lang) link.lang = point.properties.name_lang;
    const by = document.createElement("div");
    by.className = "small soft";
    by.textContent = [point.properties?.organization_name, point.properties?.address].filter(Boolean).join(" · ");
    item.append(link, by);
    list.append(item);
  }
  const heading = document.createElement("h2");
  heading.className = "hidden-text";
  heading.textContent = text("chosen");
  card.replaceChildren(heading, list);
  card.hidden = points.length === 0;
}
