/**
 * Whether a map is drawn at all: unasked, when asked for, or not in this browser. Apart from the map
 * itself, whose 0.4 MB are loaded only then.
 */

import { text } from "web/page.js";

/** Whether the reader's line and screen are wide enough not to ask first. */
export function mayDrawUnasked() {
  const line = /** @type {{connection?: {saveData?: boolean}}} */ (navigator).connection;
  return matchMedia("(min-width: 62rem)").matches && !line?.saveData;
}

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
