/**
 * One area is chosen, on the map, in a table or in a picture; all of them, the address of the page and
 * the profile show it.
 */

import { page } from "web/page.js";
import { swap } from "web/committee-swap.js";

/** @type {Set<(code: string) => void>} */
const listeners = new Set();
let code = page.committee?.chosen ?? "";

/** @returns {string} code of the chosen area, empty for none */
export function chosen() {
  return code;
}

/** @param {(code: string) => void} listener */
export function onChoice(listener) {
  listeners.add(listener);
}

/**
 * Choose an area; a second press on it takes the choice back.
 *
 * @param {string} wanted
 */
export function choose(wanted) {
  code = wanted === code ? "" : wanted;
  mark();
  const words = document.getElementById("map-choice");
  if (words) words.textContent = page.committee?.views.today.areas[code]?.text ?? "";
  remember();
  for (const listener of listeners) listener(code);
  void swap(location.href, ["profile"], "");
}

/** Show the choice in every table and picture, also in those that came since. */
export function mark() {
  for (const row of document.querySelectorAll("tr[data-code]")) {
    row.classList.toggle("selected", row.getAttribute("data-code") === code);
  }
  for (const shape of document.querySelectorAll(".picture [data-code]")) {
    shape.classList.toggle("chosen", shape.getAttribute("data-code") === code);
  }
  for (const link of document.querySelectorAll("[data-choose]")) {
    if (link.getAttribute("data-choose") === code) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Keep the choice in the address, and in the forms that ask further. */
function remember() {
  const address = new URL(location.href);
  if (code) address.searchParams.set("district", code);
  else address.searchParams.delete("district");
  address.hash = "";
  history.replaceState(null, "", address);
  for (const form of document.querySelectorAll("main form")) {
    let field = /** @type {HTMLInputElement | null} */ (form.querySelector('input[type="hidden"][name="district"]'));
    if (form.querySelector('select[name="district"]')) continue;
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "district";
      form.append(field);
    }
    field.value = code;
  }
}

/** Listen to presses in tables and pictures. */
export function listen() {
  document.addEventListener("click", (event) => {
    const pressed = /** @type {Element} */ (event.target);
    const link = pressed.closest("[data-choose]");
    if (link) {
      event.preventDefault();
      choose(link.getAttribute("data-choose") ?? "");
      return;
    }
    if (pressed.closest("a, button, summary, input, select, label")) return;
    const found = pressed.closest("tr[data-code], .picture [data-code]");
    if (found) choose(found.getAttribute("data-code") ?? "");
  });
  mark();
}
