/**
 * Asks the API. Addresses never hold the position of the person who asks.
 */

/** An answer of the API that is not the one asked for. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/**
 * @param {string} address
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
async function ask(address, options) {
  const answer = await fetch(address, { credentials: "omit", ...options });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Refusal(answer.status, problem.detail ?? answer.statusText);
  }
  return answer.json();
}

/**
 * Return every feature of a collection, page after page.
 *
 * @param {string} address
 * @param {number} [limit] stop after so many features
 * @returns {Promise<GeoJSON.Feature[]>}
 */
export async function features(address, limit = 20000) {
  /** @type {GeoJSON.Feature[]} */
  const all = [];
  /** @type {string | null} */
  let next = address;
  while (next && all.length < limit) {
    const collection = await ask(next);
    all.push(...collection.features);
    next = nextPage(collection);
  }
  return all;
}

/**
 * @param {{links?: {rel: string, href: string}[]}} collection
 * @returns {string | null} path and query: the host is the page's own, whatever a proxy called it
 */
function nextPage(collection) {
  const href = collection.links?.find((link) => link.rel === "next")?.href;
  if (!href) return null;
  const { pathname, search } = new URL(href, location.href);
  return pathname + search;
}

/**
 * Send a question whose content must not stand in an address.
 *
 * @param {string} address
 * @param {object} body
 */
export function post(address, body) {
  return ask(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}
