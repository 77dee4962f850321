/** Keep a copy on this device, or take it away: only by a press. */

import { one, page, text } from "web/page.js";

/** @typedef {{ok: boolean, about: {n: number, at: string} | null}} Reply */

const data = /** @type {{worker: string, list: string, texts: Record<string, string>, lang: string}} */ (
  /** @type {unknown} */ (page)
);
const state = one("#offline-state");
const actions = one("#offline-actions");
const keepButton = one("#offline-keep");
const forgetButton = one("#offline-forget");
const scope = `/${data.lang}/`;

/**
 * @param {ServiceWorker} worker
 * @param {Record<string, unknown>} message
 * @returns {Promise<Reply>}
 */
function ask(worker, message) {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data);
    worker.postMessage(message, [channel.port2]);
  });
}

/** The worker of this language, where it is there already. */
async function present() {
  const found = await navigator.serviceWorker.getRegistration(scope);
  return found?.scope.endsWith(scope) ? (found.active ?? null) : null;
}

/** @returns {Promise<ServiceWorker>} */
async function registered() {
  const registration = await navigator.serviceWorker.register(data.worker, { scope });
  const worker = registration.active ?? registration.installing ?? registration.waiting;
  if (!worker) throw new Error("no worker");
  if (worker.state === "activated") return worker;
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve(worker);
      if (worker.state === "redundant") reject(new Error("redundant"));
    });
  });
}

/** @param {Reply["about"]} about */
function show(about) {
  forgetButton.hidden = !about;
  if (!about) {
    state.textContent = text("nothing");
    return;
  }
  const format = new Intl.DateTimeFormat(`${data.lang}-u-nu-latn-ca-gregory`, { dateStyle: "long", timeStyle: "short" });
  state.textContent = text("kept", { n: about.n, date: format.format(new Date(about.at)) });
}

async function keep() {
  state.textContent = text("keeping");
  keepButton.setAttribute("aria-busy", "true");
  try {
    const reply = await ask(await registered(), { type: "keep", list: data.list, texts: data.texts });
    if (reply.ok) show(reply.about);
    else state.textContent = text("failed");
  } catch {
    state.textContent = text("failed");
  }
  keepButton.removeAttribute("aria-busy");
}

async function forget() {
  const worker = await present();
  if (worker) await ask(worker, { type: "forget" });
  forgetButton.hidden = true;
  state.textContent = text("forgotten");
  keepButton.focus();
}

if ("serviceWorker" in navigator && "caches" in window) {
  actions.hidden = false;
  keepButton.addEventListener("click", () => void keep());
  forgetButton.addEventListener("click", () => void forget());
  const worker = await present();
  show(worker ? (await ask(worker, { type: "about" })).about : null);
} else {
  state.textContent = text("unsupported");
}
