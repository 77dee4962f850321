/**
 * What lies below our own layers: nothing, raster tiles, a style, or a PMTiles file, as the deployment
 * chose; and layers of our own that give context.
 *
 * @typedef {object} Basemap
 * @property {"raster" | "style" | "pmtiles"} kind
 * @property {string} url tiles' template, style or file
 * @property {string} attribution
 */

import { addProtocol } from "maplibre-gl";
import { page, token } from "web/page.js";

/** @typedef {import("maplibre-gl").StyleSpecification} Style */
/** @typedef {import("maplibre-gl").LayerSpecification} Layer */

/** How loud a raster base map may be beside our points. */
const RASTER = { "raster-saturation": -0.6 };

/**
 * Return the style that a map begins with.
 *
 * @param {any} fonts
 * @returns {Promise<Style>}
 */
export async function background(fonts) {
  /** @type {Style} */
  const made = {
    version: 8,
    sources: {},
    layers: [{ id: "canvas", type: "background", paint: { "background-color": token("map-canvas") } }],
  };
  const chosen = page.basemap;
  try {
    if (chosen?.kind === "style") Object.assign(made, await styleOf(chosen.url));
    if (chosen?.kind === "raster") raster(made, { tiles: [chosen.url] }, chosen.attribution);
    if (chosen?.kind === "pmtiles") await pmtiles(made, chosen);
  } catch (reason) {
    console.warn("base map:", reason); // ours do not wait for it
  }
  return { .../** @type {any} */ (made), "font-faces": fonts };
}

/** @param {string} url */
async function styleOf(url) {
  const answer = await fetch(url, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  const style = await answer.json();
  for (const [name, source] of Object.entries(style.sources ?? {})) {
    if (source.url) style.sources[name].url = new URL(source.url, new URL(url, location.href)).href;
  }
  return style;
}

/**
 * @param {Style} style
 * @param {object} from `tiles` or `url`
 * @param {string} attribution
 */
function raster(style, from, attribution) {
  style.sources.basemap = /** @type {any} */ ({ type: "raster", tileSize: 256, ...from, attribution });
  style.layers.push({ id: "basemap", type: "raster", source: "basemap", paint: RASTER });
}

/**
 * @param {Style} style
 * @param {Basemap} chosen
 */
async function pmtiles(style, chosen) {
  const { PMTiles, Protocol, TileType } = await import("pmtiles");
  const file = new PMTiles(new URL(chosen.url, location.href).href);
  const protocol = new Protocol();
  protocol.add(file);
  addProtocol("pmtiles", protocol.tile);
  const url = `pmtiles://${file.source.getKey()}`;
  const { tileType } = await file.getHeader();
  if (tileType !== TileType.Mvt) {
    raster(style, { url }, chosen.attribution);
    return;
  }
  style.sources.basemap = { type: "vector", url, attribution: chosen.attribution };
  style.layers.push(...protomaps());
}

/** @returns {Layer[]} the layers of the Protomaps schema that a reader needs, in our colours */
function protomaps() {
  const source = "basemap";
  /** @param {string} id @param {string} layer @param {string} colour @param {any} [filter] @returns {any} */
  const area = (id, layer, colour, filter) => ({
    id: `basemap-${id}`, type: "fill", source, "source-layer": layer,
    ...(filter ? { filter } : {}), paint: { "fill-color": token(colour) },
  });
  /** @param {string} id @param {number} width @param {any} filter @returns {any} */
  const road = (id, width, filter) => ({
    id: `basemap-${id}`, type: "line", source, "source-layer": "roads", filter,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": token("map-road"), "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 10, width / 4, 18, width * 4] },
  });
  const green = ["in", ["get", "kind"], ["literal", ["park", "forest", "wood", "garden", "grass", "nature_reserve"]]];
  return [
    area("earth", "earth", "map-land"),
    area("green", "landuse", "map-park", green),
    area("water", "water", "map-water"),
    road("minor", 2, ["in", ["get", "kind"], ["literal", ["minor_road", "path"]]]),
    road("major", 4, ["in", ["get", "kind"], ["literal", ["major_road", "medium_road", "highway"]]]),
    {
      id: "basemap-streets", type: "symbol", source, "source-layer": "roads", minzoom: 14,
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": ["Noto Sans"], "text-size": 11 },
      paint: { "text-color": token("map-label"), "text-halo-color": token("map-halo"), "text-halo-width": 1.2 },
    },
  ];
}

/**
 * Draw the layers of our own that give context: MAP_CONTEXT names them, with what they are.
 *
 * @param {import("maplibre-gl").Map} map
 */
export function contextLayers(map) {
  for (const { layer, kind } of page.context ?? []) {
    const source = `context-${layer}`;
    map.addSource(source, { type: "vector", tiles: [`${location.origin}/tiles/${layer}/{z}/{x}/{y}.mvt`], maxzoom: 15 });
    const shared = { source, "source-layer": layer };
    if (kind === "road") {
      map.addLayer({ id: source, type: "line", ...shared, paint: { "line-color": token("map-road"), "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 10, 0.4, 18, 8] } });
    } else {
      map.addLayer({ id: source, type: "fill", ...shared, paint: { "fill-color": token(`map-${kind}`) } });
    }
  }
}
