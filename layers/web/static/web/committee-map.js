/**
 * Draws a view of a committee page onto the districts: colours and words come from the server with
 * the data, so map, table, files and API cannot disagree.
 */

import { announceIdle, cityMap } from "web/map.js";
import { choose, chosen, onChoice } from "web/committee-choice.js";
import { page, token } from "web/page.js";

/** @typedef {import("maplibre-gl").Map} Map */
/** @typedef {import("web/page.js").CommitteeView} View */

/**
 * @param {HTMLElement} element
 * @param {string} name of the view
 * @returns {Promise<Map>}
 */
export async function viewMap(element, name) {
  const view = page.committee?.views[name];
  if (!view) throw new Error(`no view ${name} on this page`);
  const map = await cityMap(element);
  map.addImage("no-people", hatch(false), { pixelRatio: 2 });
  map.addImage("withheld", hatch(true), { pixelRatio: 2 });
  drawView(map, view);
  link(map);
  announceIdle(element, map);
  return map;
}

/**
 * @param {boolean} isCrossed crossed lines say that figures are withheld, single ones that nobody is known
 * @returns {ImageData} 16 x 16 device pixels
 */
function hatch(isCrossed) {
  const size = 16;
  const image = new ImageData(size, size);
  const [ground, stroke] = [rgb(token("no-data")), rgb(token("no-data-line"))];
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const isLine = (x + y) % 8 < 2 || (isCrossed && (x - y + size) % 8 < 2);
      image.data.set([...(isLine ? stroke : ground), 255], 4 * (y * size + x));
    }
  }
  return image;
}

/** @param {string} hex like #rrggbb */
function rgb(hex) {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/**
 * @param {Map} map
 * @param {View} view
 */
function drawView(map, view) {
  const areas = Object.entries(view.areas);
  /** @param {(area: View["areas"][string]) => boolean} keeps */
  const codes = (keeps) => ["literal", areas.filter(([, area]) => keeps(area)).map(([code]) => code)];
  for (const [code, area] of areas) {
    if (area.class !== null) map.setFeatureState({ source: "districts", id: code }, { class: area.class });
  }
  const colours = view.colours.flatMap((colour, index) => [index, colour]);
  const known = codes((area) => area.class !== null);
  const withheld = codes((area) => area.state === "withheld");
  /** @type {any} */
  const isOf = (/** @type {any} */ list) => ["in", ["get", "code"], list];
  map.addLayer(
    {
      id: "classes", type: "fill", source: "districts", filter: isOf(known),
      paint: {
        "fill-color": /** @type {any} */ (["match", ["coalesce", ["feature-state", "class"], -1], ...colours, "#ffffff"]),
        "fill-opacity": 0.9,
      },
    },
    "district-line",
  );
  map.addLayer(
    {
      id: "no-data", type: "fill", source: "districts", filter: ["!", isOf(known)],
      paint: { "fill-pattern": /** @type {any} */ (["case", isOf(withheld), "withheld", "no-people"]) },
    },
    "district-line",
  );
  const unsure = codes((area) => area.uncertain);
  map.setLayoutProperty("district-names", "text-field", ["concat", ["get", "name"], ["case", isOf(unsure), " ?", ""]]);
  map.setPaintProperty("district-line", "line-color", token("data-line"));
  map.setPaintProperty("district-names", "text-color", "#15222a");
  map.setPaintProperty("district-names", "text-halo-color", "#ffffff");
  map.setPaintProperty("district-names", "text-halo-width", 1.8);
  map.addLayer({
    id: "chosen", type: "line", source: "districts", filter: ["==", ["get", "code"], chosen()],
    paint: { "line-color": "#c2410c", "line-width": 4 },
  });
}

/** @param {Map} map choose an area on it, and it shows what was chosen elsewhere */
function link(map) {
  onChoice((code) => map.setFilter("chosen", ["==", ["get", "code"], code]));
  for (const layer of ["classes", "no-data"]) {
    map.on("click", layer, (event) => {
      if (map.getContainer().dataset.placing) return;
      choose(String(event.features?.[0]?.properties.code ?? ""));
    });
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = map.getContainer().dataset.placing ? "crosshair" : "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
}

/** @param {Map} map where new places would help: numbered squares */
export function drawProposals(map) {
  const found = page.committee?.proposals ?? [];
  const data = {
    type: /** @type {const} */ ("FeatureCollection"),
    features: found.map((one) => ({
      type: /** @type {const} */ ("Feature"),
      geometry: { type: /** @type {const} */ ("Polygon"), coordinates: [one.ring] },
      properties: { number: one.number },
    })),
  };
  const source = /** @type {import("maplibre-gl").GeoJSONSource | undefined} */ (map.getSource("proposals"));
  if (source) {
    source.setData(data);
    return;
  }
  map.addSource("proposals", { type: "geojson", data });
  map.addLayer({ id: "proposals", type: "fill", source: "proposals", paint: { "fill-color": "#c2410c", "fill-opacity": 0.55 } });
  map.addLayer({ id: "proposals-line", type: "line", source: "proposals", paint: { "line-color": "#7c2d12", "line-width": 2 } });
  map.addLayer({
    id: "proposals-number", type: "symbol", source: "proposals",
    layout: { "text-field": ["get", "number"], "text-font": ["Noto Sans Bold"], "text-size": 16, "text-allow-overlap": true },
    paint: { "text-color": "#ffffff", "text-halo-color": "#7c2d12", "text-halo-width": 2 },
  });
}

/** @param {Map[]} maps that from now on move together */
export function moveTogether(maps) {
  let isFollowing = false;
  for (const map of maps) {
    map.on("move", () => {
      if (isFollowing) return;
      isFollowing = true;
      for (const other of maps) if (other !== map) other.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
      isFollowing = false;
    });
  }
}

/**
 * Wait for a press on the map; Escape gives up.
 *
 * @param {Map} map
 * @returns {Promise<{lng: number, lat: number} | null>}
 */
export function pressedSpot(map) {
  const container = map.getContainer();
  container.dataset.placing = "true";
  map.getCanvas().style.cursor = "crosshair";
  return new Promise((resolve) => {
    /** @param {{lng: number, lat: number} | null} spot */
    const end = (spot) => {
      delete container.dataset.placing;
      map.getCanvas().style.cursor = "";
      document.removeEventListener("keydown", given);
      resolve(spot);
    };
    /** @param {KeyboardEvent} event */
    const given = (event) => event.key === "Escape" && end(null);
    document.addEventListener("keydown", given);
    map.once("click", (event) => end(event.lngLat));
  });
}
