/**
 * Draws the table's classes onto the districts. Classes and words come from the server with the
 * data: map, table and API cannot disagree.
 */

import { announceIdle, cityMap } from "web/map.js";
import { one, page } from "web/page.js";

/** @typedef {import("maplibre-gl").Map} Map */

/**
 * @param {HTMLElement} element
 * @param {HTMLTableElement} table
 */
export async function choroplethMap(element, table) {
  const map = await cityMap(element);
  const choropleth = page.choropleth;
  if (!choropleth) throw new Error("no classes on this page");
  map.addImage("hatch", hatch(), { pixelRatio: 2 });
  drawClasses(map, choropleth);
  link(map, table, choropleth);
  announceIdle(element, map);
}

/** @returns {ImageData} a diagonal hatch, 16 x 16 device pixels */
function hatch() {
  const size = 16;
  const image = new ImageData(size, size);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const at = 4 * (y * size + x);
      const dark = (x + y) % 8 < 2;
      image.data.set(dark ? [130, 140, 147, 255] : [245, 246, 247, 255], at);
    }
  }
  return image;
}

/**
 * @param {Map} map
 * @param {import("web/page.js").Choropleth} choropleth
 */
function drawClasses(map, choropleth) {
  const known = Object.entries(choropleth.areas).filter(([, area]) => area.class !== null);
  for (const [code, area] of known) {
    map.setFeatureState({ source: "districts", id: code }, { class: area.class });
  }
  /** @type {any[]} */
  const colours = choropleth.classes.flatMap((each, index) => [index, each.colour]);
  map.addLayer(
    {
      id: "classes", type: "fill", source: "districts",
      filter: ["in", ["get", "code"], ["literal", known.map(([code]) => code)]],
      paint: {
        "fill-color": /** @type {any} */ (["match", ["coalesce", ["feature-state", "class"], -1], ...colours, "#ffffff"]),
        "fill-opacity": 0.9,
      },
    },
    "district-line",
  );
  map.addLayer(
    {
      id: "no-data", type: "fill", source: "districts",
      filter: ["!", ["in", ["get", "code"], ["literal", known.map(([code]) => code)]]],
      paint: { "fill-pattern": "hatch" },
    },
    "district-line",
  );
  map.setPaintProperty("district-line", "line-color", "#51626c");
  map.setPaintProperty("district-names", "text-color", "#17252d");
  map.setPaintProperty("district-names", "text-halo-width", 1.8);
  map.addLayer({
    id: "chosen", type: "line", source: "districts", filter: ["==", ["get", "code"], ""],
    paint: { "line-color": "#b45309", "line-width": 4 },
  });
}

/**
 * Choose a district in the table or on the map, and both show it.
 *
 * @param {Map} map
 * @param {HTMLTableElement} table
 * @param {import("web/page.js").Choropleth} choropleth
 */
function link(map, table, choropleth) {
  const words = one("#map-choice");
  /** @param {string} code */
  const choose = (code) => {
    map.setFilter("chosen", ["==", ["get", "code"], code]);
    for (const row of table.tBodies[0].rows) row.classList.toggle("selected", row.dataset.code === code);
    words.textContent = choropleth.areas[code]?.text ?? "";
  };
  for (const layer of ["classes", "no-data"]) {
    map.on("click", layer, (event) => choose(String(event.features?.[0]?.properties.code ?? "")));
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
  table.tBodies[0].addEventListener("click", (event) => {
    const row = /** @type {Element} */ (event.target).closest("tr");
    if (row?.dataset.code) choose(row.dataset.code);
  });
  table.tBodies[0].addEventListener("focusin", (event) => {
    const row = /** @type {Element} */ (event.target).closest("tr");
    if (row?.dataset.code) choose(row.dataset.code);
  });
}
