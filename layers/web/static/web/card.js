/**
 * The card of the map: what was chosen there, one service or several that stand at one spot.
 */

import { one, page, text } from "web/page.js";

const MOST = 20;

/**
 * @param {GeoJSON.Feature[]} points none: the card goes away
 * @param {() => void} close
 */
export function fillCard(points, close) {
  const card = one("#map-card");
  card.hidden = points.length === 0;
  card.replaceChildren();
  if (!points.length) return;
  const list = document.createElement("ul");
  // The map hands them over in the order it drew them, which is any.
  const name = (/** @type {GeoJSON.Feature} */ point) => String(point.properties?.name ?? "");
  const inOrder = [...points].sort((a, b) => name(a).localeCompare(name(b), page.lang));
  list.append(...inOrder.slice(0, MOST).map(item));
  if (points.length > 1) {
    const heading = document.createElement("h2");
    heading.textContent = text("here", { n: points.length });
    card.append(heading);
  }
  card.append(list);
  if (points.length > MOST) {
    const more = document.createElement("p");
    more.className = "small soft";
    more.textContent = text("moreAt", { n: points.length - MOST });
    card.append(more);
  }
  card.append(closing(close));
}

/** @param {() => void} close */
function closing(close) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "close";
  button.textContent = "✕";
  button.setAttribute("aria-label", text("close"));
  button.addEventListener("click", () => {
    close();
    /** @type {HTMLElement | null} */ (document.querySelector("#map canvas"))?.focus();
  });
  return button;
}

/** @param {GeoJSON.Feature} point */
function item(point) {
  const of = point.properties ?? {};
  const made = document.createElement("li");
  const link = document.createElement("a");
  link.href = `/${page.lang}/service/${of.service_id}`;
  link.textContent = of.name ?? "";
  if (of.name_lang && of.name_lang !== page.lang) link.lang = of.name_lang;
  const by = document.createElement("div");
  by.className = "small soft";
  by.textContent = [of.category_name, of.organization_name, of.address].filter(Boolean).join(" · ");
  made.append(link, by);
  return made;
}
