/**
 * Pictures of the pins: a disc with the sign of the kind of service, drawn from icons.svg in the
 * colours of the page's scheme.
 */

import { page, token } from "web/page.js";

const SIZE = 60; // device pixels at a ratio of 2
const OTHER = "pin";

/** @type {Promise<Map<string, Path2D>> | null} */
let signs = null;

/** @returns {Promise<Map<string, Path2D>>} the signs by name */
function loadSigns() {
  signs ??= fetch(page.icons ?? "")
    .then((answer) => answer.text())
    .then((text) => {
      const drawing = new DOMParser().parseFromString(text, "image/svg+xml");
      return new Map([...drawing.querySelectorAll("symbol")].map((symbol) => [symbol.id, pathOf(symbol)]));
    });
  return signs;
}

/** @param {Element} symbol */
function pathOf(symbol) {
  const path = new Path2D();
  for (const part of symbol.children) {
    if (part.tagName === "circle") {
      const [x, y, r] = ["cx", "cy", "r"].map((name) => Number(part.getAttribute(name)));
      path.moveTo(x + r, y);
      path.arc(x, y, r, 0, 2 * Math.PI);
    } else path.addPath(new Path2D(part.getAttribute("d") ?? ""));
  }
  return path;
}

/**
 * Return the name of the pin of a service point.
 *
 * @param {GeoJSON.GeoJsonProperties} properties
 */
export function kindOf(properties) {
  /** @type {string[]} */
  const categories = properties?.categories ?? [];
  return page.kinds?.find((kind) => categories.includes(kind)) ?? OTHER;
}

/**
 * Give the map its pins, `pin-<kind>` and `chosen-<kind>`, now and whenever the scheme changes.
 *
 * @param {import("maplibre-gl").Map} map
 */
export async function addPins(map) {
  const drawn = await loadSigns();
  const paint = () => {
    for (const kind of [...(page.kinds ?? []), OTHER]) {
      put(map, `pin-${kind}`, drawn.get(kind), "map-point");
      put(map, `chosen-${kind}`, drawn.get(kind), "map-chosen");
    }
  };
  paint();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

/**
 * @param {import("maplibre-gl").Map} map
 * @param {string} name
 * @param {Path2D | undefined} sign
 * @param {string} colour token; its ink is called the same with -ink
 */
function put(map, name, sign, colour) {
  const context = new OffscreenCanvas(SIZE, SIZE).getContext("2d");
  if (!context) return;
  const middle = SIZE / 2;
  context.beginPath();
  context.arc(middle, middle, middle - 4, 0, 2 * Math.PI);
  context.fillStyle = token(colour);
  context.fill();
  context.lineWidth = 4;
  context.strokeStyle = token("map-halo");
  context.stroke();
  context.translate(middle - 16, middle - 16);
  context.scale(32 / 24, 32 / 24);
  context.lineWidth = 2.2;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = token(`${colour}-ink`);
  if (sign) context.stroke(sign);
  const image = context.getImageData(0, 0, SIZE, SIZE);
  if (map.hasImage(name)) map.updateImage(name, image);
  else map.addImage(name, image, { pixelRatio: 2 });
}
