/**
 * Goes on from one question to the next without loading the page anew: the same page is fetched, and
 * its list, its counts and its addresses take the place of those that are shown. Whatever goes wrong,
 * the browser goes there by itself.
 */

import { clearNear } from "web/near.js";
import { one, page, text } from "web/page.js";

/** @type {AbortController | null} */
let underway = null;

/** @type {() => void} */
let changed = () => undefined;

/**
 * Let form, chips, tiles and pages of the list work in place.
 *
 * @param {() => void} afterwards called when another question is shown
 */
export function inPlace(afterwards) {
  changed = afterwards;
  const form = /** @type {HTMLFormElement} */ (one("#question"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void go(addressOf(form));
  });
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[href]");
    if (!(link instanceof HTMLAnchorElement) || !isPlain(event) || !leadsHere(link)) return;
    event.preventDefault();
    void go(link.href);
  });
  addEventListener("popstate", () => void go(location.href, { keep: true }));
}

/** @param {HTMLFormElement} form */
export function addressOf(form) {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim()) asked.append(name, value.trim());
  }
  const query = asked.toString();
  return new URL(query ? `?${query}` : ".", form.action).href;
}

/** @param {MouseEvent} event */
function isPlain(event) {
  return !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

/** @param {HTMLAnchorElement} link */
function leadsHere(link) {
  const isHere = link.origin === location.origin && link.pathname === location.pathname;
  return isHere && !link.hash && !link.hasAttribute("download") && link.closest("main") !== null;
}

/**
 * Show the page of an address.
 *
 * @param {string} address
 * @param {{keep?: boolean}} [how] keep: the address is there already
 */
export async function go(address, { keep = false } = {}) {
  underway?.abort();
  underway = new AbortController();
  const status = one("#near-status");
  status.textContent = text("loading");
  try {
    const answer = await fetch(address, { signal: underway.signal, headers: { Accept: "text/html" } });
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !made.querySelector("#results")) throw new Error(`${answer.status} ${address}`);
    if (!keep) history.pushState(null, "", address);
    take(made);
  } catch (reason) {
    if (/** @type {Error} */ (reason).name === "AbortError") return;
    console.warn("list:", reason);
    location.assign(address);
  }
}

/** @param {Document} made */
function take(made) {
  clearNear();
  const results = one("#results");
  results.replaceChildren(...document.importNode(one("#results", made), true).childNodes);
  takeForm(made);
  one(".languages").replaceWith(document.importNode(one(".languages", made), true));
  document.title = made.title;
  Object.assign(page, JSON.parse(one("#page-data", made).textContent ?? "{}"));
  one("#near-status").textContent = [...results.querySelectorAll("#list-heading, #apart-heading")]
    .map((heading) => heading.textContent)
    .join(" · ");
  changed();
}

/**
 * Take over what the form offers and holds; the fields stay, and with them the focus.
 *
 * @param {Document} made
 */
function takeForm(made) {
  const form = one("#question");
  const other = one("#question", made);
  for (const field of form.querySelectorAll("select")) {
    const options = one(`select[name="${field.name}"]`, other).childNodes;
    field.replaceChildren(...[...options].map((option) => document.importNode(option, true)));
  }
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[type=checkbox]"))) {
    box.checked = /** @type {HTMLInputElement} */ (one(`input[name="${box.name}"]`, other)).checked;
  }
  /** @type {HTMLInputElement} */ (one("#q")).value = /** @type {HTMLInputElement} */ (one("#q", other)).value;
  one("#carried").replaceChildren(...document.importNode(one("#carried", other), true).childNodes);
}
