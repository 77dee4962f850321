/**
 * The service points of the list on the map: clusters with counts, pins with the sign of their kind, a
 * card for what was chosen, and a button that asks for the part that is shown.
 */

import { features } from "web/api.js";
import { fillCard } from "web/card.js";
import { BOLD, REGULAR, announceIdle, cityMap, inColours } from "web/map.js";
import { page } from "web/page.js";
import { addPins, kindOf } from "web/pins.js";

/** @typedef {import("maplibre-gl").Map} Map */
/** @typedef {import("maplibre-gl").GeoJSONSource} GeoJSONSource */
/** @typedef {import("maplibre-gl").LngLatLike} LngLatLike */

const CLUSTER_MAX_ZOOM = 16;
const MOST_IN_CARD = 100;
/** How near one place is looked at: without streets below, its surroundings must be in sight. */
const CLOSE = page.basemap || page.context?.length ? 16 : 14.5;
const COLOURS = {
  clusters: { "circle-color": "map-point", "circle-stroke-color": "map-halo" },
  "cluster-counts": { "text-color": "map-point-ink" },
  "point-names": { "text-color": "ink", "text-halo-color": "map-halo" },
  you: { "circle-color": "map-you", "circle-stroke-color": "map-halo" },
};

/** The map of the finder, in step with its list. */
export class PointMap {
  /** @type {GeoJSON.Feature[]} */
  points = [];
  /** Features of the list's question, kept while something else is shown. @type {string} */
  asked = "";

  /**
   * @param {Map} map
   * @param {HTMLElement} element
   */
  constructor(map, element) {
    this.map = map;
    this.element = element;
  }

  /** Show the points of the page's question, and move to them where no part of the map was asked for. */
  async update() {
    const address = page.points ?? "";
    this.asked = address;
    const found = await features(address);
    if (this.asked !== address) return; // asked for something else meanwhile
    this.show(found);
    this.fit();
  }

  /** @param {GeoJSON.Feature[]} found */
  show(found) {
    this.points = found.filter((point) => point.geometry);
    for (const point of this.points) {
      point.properties = { ...point.properties, id: String(point.id), kind: kindOf(point.properties) };
    }
    this.source("points").setData(collection(this.points));
    this.choose([]);
    this.element.dataset.points = String(this.points.length);
  }

  /**
   * Show what is near a spot, and the spot.
   *
   * @param {[number, number]} spot
   * @param {GeoJSON.Feature[]} found
   */
  near(spot, found) {
    this.asked = "";
    this.show(found);
    this.source("you").setData({ type: "Point", coordinates: spot });
    this.move([spot, ...this.points.map(placeOf)]);
  }

  /** Forget the spot and show the question of the list again. */
  async forget() {
    this.source("you").setData(collection([]));
    await this.update();
  }

  fit() {
    if (page.box || !this.points.length) return;
    this.move(this.points.map(placeOf));
  }

  /** @param {[number, number][]} places */
  move(places) {
    const [lons, lats] = [places.map(([lon]) => lon), places.map(([, lat]) => lat)];
    this.map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], {
      padding: 40,
      maxZoom: CLOSE,
    });
  }

  /** @param {string} id @returns {GeoJSONSource} */
  source(id) {
    return /** @type {GeoJSONSource} */ (this.map.getSource(id));
  }

  /** @param {string} id of a service point */
  showOne(id) {
    const point = this.points.find((one) => one.properties?.id === id);
    if (!point) return false;
    this.choose([point]);
    this.map.easeTo({ center: placeOf(point), zoom: Math.max(this.map.getZoom(), CLOSE) });
    return true;
  }

  /** Mark a point while the pointer is over its entry. @param {string | null} id */
  point(id) {
    const marked = this.points.filter((one) => one.properties?.id === id);
    this.source("marked").setData(collection(marked));
  }

  /** @param {GeoJSON.Feature[]} points */
  choose(points) {
    this.source("chosen").setData(collection(points));
    fillCard(points, () => this.choose([]));
    const ids = points.map((point) => String(point.properties?.id));
    for (const entry of document.querySelectorAll(".entry[data-id]")) {
      const isChosen = ids.includes(entry.getAttribute("data-id") ?? "");
      entry.classList.toggle("selected", isChosen);
      if (isChosen && ids.length === 1 && matchMedia("(min-width: 62rem)").matches) {
        entry.scrollIntoView({ block: "nearest" });
      }
    }
  }

  /**
   * Zoom into a cluster; where nearer would not part it, name its members.
   *
   * @param {GeoJSON.Feature} cluster
   */
  async open(cluster) {
    const source = this.source("points");
    const id = cluster.properties?.cluster_id;
    const zoom = await source.getClusterExpansionZoom(id);
    if (zoom > CLUSTER_MAX_ZOOM) {
      this.choose(await source.getClusterLeaves(id, MOST_IN_CARD, 0));
    } else {
      this.map.easeTo({ center: placeOf(cluster), zoom });
    }
  }
}

/** @param {GeoJSON.Feature} point @returns {[number, number]} */
function placeOf(point) {
  return /** @type {[number, number]} */ (/** @type {GeoJSON.Point} */ (point.geometry).coordinates);
}

/** @param {GeoJSON.Feature[]} features @returns {GeoJSON.FeatureCollection} */
function collection(features) {
  return { type: "FeatureCollection", features };
}

/**
 * @param {HTMLElement} element
 * @returns {Promise<PointMap>}
 */
export async function pointMap(element) {
  const address = page.points ?? "";
  const asked = features(address);
  asked.catch(() => undefined); // told below, after the map's own faults
  const map = await cityMap(element);
  await addPins(map);
  drawPoints(map);
  const made = new PointMap(map, element);
  made.show(await asked);
  if (page.points !== address) await made.update(); // the list went on meanwhile
  listen(made);
  announceIdle(element, map);
  return made;
}

/** @param {Map} map */
function drawPoints(map) {
  map.addSource("points", {
    type: "geojson", data: collection([]), cluster: true, clusterMaxZoom: CLUSTER_MAX_ZOOM, clusterRadius: 36,
  });
  for (const id of ["chosen", "marked", "you"]) map.addSource(id, { type: "geojson", data: collection([]) });
  /** @type {import("maplibre-gl").FilterSpecification} */
  const clustered = ["has", "point_count"];
  /** @type {import("maplibre-gl").FilterSpecification} */
  const single = ["!", ["has", "point_count"]];
  /** @param {string} which @returns {any} */
  const pin = (which) => ({
    "icon-image": ["concat", `${which}-`, ["get", "kind"]],
    "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.72, 14, 1],
    "icon-allow-overlap": true,
  });
  map.addLayer({
    id: "clusters", type: "circle", source: "points", filter: clustered,
    paint: {
      "circle-opacity": 0.94,
      "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 2, 13, 20, 19, 200, 27],
      "circle-stroke-width": 2,
    },
  });
  map.addLayer({
    id: "cluster-counts", type: "symbol", source: "points", filter: clustered,
    layout: { "text-field": ["get", "point_count_abbreviated"], "text-font": BOLD, "text-size": 13, "text-allow-overlap": true },
  });
  map.addLayer({ id: "points", type: "symbol", source: "points", filter: single, layout: pin("pin") });
  map.addLayer({
    id: "point-names", type: "symbol", source: "points", filter: single, minzoom: 13.5,
    layout: {
      "text-field": ["get", "name"], "text-font": REGULAR, "text-size": 12, "text-max-width": 9,
      "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 1.4,
      "text-justify": "auto", "text-optional": true,
    },
    paint: { "text-halo-width": 1.6 },
  });
  map.addLayer({ id: "marked", type: "symbol", source: "marked", layout: { ...pin("chosen"), "icon-size": 1 } });
  map.addLayer({ id: "chosen", type: "symbol", source: "chosen", layout: { ...pin("chosen"), "icon-size": 1.25 } });
  map.addLayer({ id: "you", type: "circle", source: "you", paint: { "circle-radius": 8, "circle-stroke-width": 4 } });
  inColours(map, COLOURS);
}

/** @param {PointMap} made */
function listen(made) {
  const { map } = made;
  map.on("click", "points", (event) => made.choose(event.features ?? []));
  map.on("click", "clusters", async (event) => {
    const cluster = event.features?.[0];
    if (cluster) await made.open(cluster);
  });
  for (const layer of ["points", "clusters"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
}
