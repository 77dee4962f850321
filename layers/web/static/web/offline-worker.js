/**
 * The offline copy, once a reader asked for it: the list of one page with what it needs, and the last
 * pages of services that were looked at.
 *
 * It stands at /<lang>/offline-worker.js and so reaches pages of that language only. It never keeps
 * anything but pages of services and files of ours: no search, no form, no answer of the API.
 */

/// <reference lib="webworker" />

const scope = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const LANG = new URL(scope.location.href).pathname.split("/")[1] ?? "";
const COPY = `geoaccmr-copy-1-${LANG}`;
const SEEN = `geoaccmr-seen-1-${LANG}`;
const ABOUT = `/${LANG}/offline/about`;
const MOST_SEEN = 30;
const PATIENCE_MS = 6000;
const SERVICE = new RegExp(`^/${LANG}/service/[0-9a-f-]{36}$`);

/** @typedef {{list: string, n: number, at: string, texts: Record<string, string>}} About */

scope.addEventListener("install", () => void scope.skipWaiting());
scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));

scope.addEventListener("message", (event) => {
  const { type, list, texts } = event.data ?? {};
  const work = type === "keep" ? keep(list, texts) : type === "forget" ? forget() : about();
  event.waitUntil(
    work.then(
      (said) => event.ports[0]?.postMessage({ ok: true, about: said ?? null }),
      () => event.ports[0]?.postMessage({ ok: false }),
    ),
  );
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (url.pathname.startsWith("/static/web/")) event.respondWith(file(request));
});

/**
 * Keep the list and the files that it and the pages of services need.
 *
 * @param {string} list
 * @param {Record<string, string>} texts
 * @returns {Promise<About>}
 */
async function keep(list, texts) {
  const answer = await fetch(list, { cache: "reload", credentials: "omit" });
  if (!answer.ok) throw new Error(`list: ${answer.status}`);
  const html = await answer.clone().text();
  const files = new Set([...html.matchAll(/["'](\/static\/web\/[^"'#?]+)/g)].map((found) => found[1] ?? ""));
  const fresh = await Promise.all(
    [...files].map(async (path) => /** @type {const} */ ([path, await fetch(path, { cache: "reload" })])),
  );
  const at = new Date().toISOString();
  await caches.delete(COPY);
  const copy = await caches.open(COPY);
  await copy.put(list, dated(answer, html, at));
  for (const [path, held] of fresh) if (held.ok) await copy.put(path, held);
  const said = { list, texts, at, n: [...html.matchAll(/class="one-line"/g)].length };
  await copy.put(ABOUT, new Response(JSON.stringify(said), { headers: { "Content-Type": "application/json" } }));
  return said;
}

/** Take everything away. */
async function forget() {
  await Promise.all([caches.delete(COPY), caches.delete(SEEN)]);
  await scope.registration.unregister();
}

/** @returns {Promise<About | null>} */
async function about() {
  const held = await (await caches.open(COPY)).match(ABOUT);
  return held ? held.json() : null;
}

/**
 * A page from the network; where there is none, from the copy, and said so.
 *
 * @param {Request} request
 * @param {URL} url
 */
async function page(request, url) {
  try {
    const answer = await inTime(fetch(request));
    if (answer.ok && SERVICE.test(url.pathname) && !url.search && mayBeKept(answer)) await look(request, answer.clone());
    return answer;
  } catch (reason) {
    const said = await about();
    if (!said) throw reason;
    const seen = await (await caches.open(SEEN)).match(request);
    if (seen) return stale(seen, said, said.texts.banner ?? "");
    const list = await (await caches.open(COPY)).match(said.list);
    if (!list) throw reason;
    const wanted = `${url.pathname}${url.search}` === said.list || url.pathname === `/${LANG}/`;
    return stale(list, said, `${said.texts.banner ?? ""}${wanted ? "" : ` ${said.texts.other ?? ""}`}`);
  }
}

/**
 * @param {Promise<Response>} asked
 * @returns {Promise<Response>}
 */
function inTime(asked) {
  return new Promise((resolve, reject) => {
    const waiting = setTimeout(async () => {
      // A line that is only slow is waited for where nothing else can be shown.
      if (await about()) reject(new Error("too slow"));
    }, PATIENCE_MS);
    asked.then(resolve, reject).finally(() => clearTimeout(waiting));
  });
}

/** @param {Response} answer */
function mayBeKept(answer) {
  const isPage = (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
  return isPage && !/no-store/.test(answer.headers.get("Cache-Control") ?? "") && !answer.redirected;
}

/**
 * Remember a page that was looked at, and forget the oldest.
 *
 * @param {Request} request
 * @param {Response} answer
 */
async function look(request, answer) {
  if (!(await about())) return;
  const seen = await caches.open(SEEN);
  await seen.delete(request);
  await seen.put(request, dated(answer, await answer.text(), new Date().toISOString()));
  const keys = await seen.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - MOST_SEEN))) await seen.delete(old);
}

/**
 * @param {Response} answer
 * @param {string} html
 * @param {string} at
 */
function dated(answer, html, at) {
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", at);
  // The body is plain text now, whatever it was packed in.
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(html, { headers });
}

/**
 * A kept page with the date of the copy, and without anything that is said of "now".
 *
 * @param {Response} held
 * @param {About} said
 * @param {string} words
 */
async function stale(held, said, words) {
  const at = new Date(held.headers.get("X-Kept-At") ?? said.at);
  const format = new Intl.DateTimeFormat(`${LANG}-u-nu-latn-ca-gregory`, { dateStyle: "long", timeStyle: "short" });
  const note = `<div class="notice warn offline-note" role="status"><p>${escaped(words.replace("{date}", format.format(at)))}</p></div>`;
  const html = (await held.text())
    .replace("<html ", "<html data-offline-copy ")
    .replaceAll(" data-now", " data-now hidden")
    .replace(/(<main[^>]*>)/, (main) => main + note);
  return new Response(html, { headers: held.headers });
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * A file of ours: the fresh one, or the one of the copy.
 *
 * @param {Request} request
 */
async function file(request) {
  try {
    return await fetch(request);
  } catch (reason) {
    const held = await (await caches.open(COPY)).match(request, { ignoreSearch: true });
    if (held) return held;
    throw reason;
  }
}
