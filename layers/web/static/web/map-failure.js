/**
 * What a page says where no map can be drawn. Apart from the map, so that it is there when that is not.
 */

import { text } from "web/page.js";

/**
 * Say in words that there is no map; the list beside it holds everything.
 *
 * @param {HTMLElement} element
 * @param {unknown} reason
 */
export function showFailure(element, reason) {
  console.warn("map:", reason);
  element.replaceChildren();
  element.dataset.state = "failed";
  const message = document.createElement("p");
  message.className = "map-message";
  message.setAttribute("role", "status");
  message.textContent = text("mapFailed");
  element.append(message);
}
