/**
 * Shows what another address of the page shows, without leaving it: parts of it are fetched and put
 * in the place of those that are there. Without scripts the same links and forms load the page.
 */

import { page, said } from "web/page.js";

/** @type {AbortController | null} */
let asking = null;

/**
 * @param {string} address
 * @param {string[]} ids of the parts; all parts that can be put in place without any
 * @param {string} focus id of the part whose heading is focused, empty for none
 * @returns {Promise<boolean>} whether it worked, or was overtaken by another one
 */
export async function swap(address, ids, focus) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const texts = page.committee?.texts ?? {};
  if (focus) said(texts.working ?? "");
  try {
    const answer = await fetch(address, { signal: mine.signal, credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    const there = new DOMParser().parseFromString(await answer.text(), "text/html");
    put(there, ids);
  } catch (reason) {
    if (mine.signal.aborted) return true;
    console.warn("swap:", reason);
    if (focus) said(texts.failed ?? "");
    return false;
  }
  if (focus) showPart(focus);
  return true;
}

/**
 * @param {Document} there
 * @param {string[]} ids
 */
function put(there, ids) {
  const wanted = ids.length ? ids : [...document.querySelectorAll("[data-swap]")].map((part) => part.id);
  for (const id of wanted) {
    const [here, instead] = [document.getElementById(id), there.getElementById(id)];
    if (here && instead) here.replaceWith(document.adoptNode(instead));
  }
  if (!ids.length) {
    const block = there.getElementById("page-data");
    const told = JSON.parse(block?.textContent ?? "{}");
    if (told.committee) page.committee = told.committee;
  }
  document.dispatchEvent(new CustomEvent("geoaccmr:swapped"));
}

/** @param {string} id */
function showPart(id) {
  said("");
  const heading = document.querySelector(`#${id} h2`);
  if (!(heading instanceof HTMLElement)) return;
  heading.tabIndex = -1;
  heading.focus();
}

/** Load what takes a moment in place: links and forms with `data-load`, the id of their part. */
export function listen() {
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[data-load]");
    if (!(link instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    void load(link.href, link.dataset.load ?? "", link);
  });
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.dataset.load) return;
    event.preventDefault();
    const address = new URL(location.href);
    address.search = new URLSearchParams(/** @type {any} */ (new FormData(form))).toString();
    address.hash = form.dataset.load;
    void load(address.href, form.dataset.load, form.querySelector("button"));
  });
}

/**
 * @param {string} address
 * @param {string} id
 * @param {Element | null} pressed
 */
async function load(address, id, pressed) {
  pressed?.setAttribute("aria-busy", "true");
  if (await swap(address, [], id)) history.replaceState(null, "", address);
  else location.assign(address);
}
