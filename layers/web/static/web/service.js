/** The page of a service with scripts: share, copy and print; without them, links do what can be done. */

const said = document.querySelector("[data-said]");

/** @param {"said" | "failed"} what */
function say(what) {
  if (said instanceof HTMLElement) said.textContent = said.dataset[what] ?? "";
}

/** @param {string} selector @param {(button: HTMLElement) => unknown} act */
function onPress(selector, act) {
  const button = document.querySelector(selector);
  if (!(button instanceof HTMLElement)) return;
  button.closest("[hidden]")?.removeAttribute("hidden");
  button.addEventListener("click", () => act(button));
}

if (typeof navigator.share === "function") {
  onPress("[data-share]", () =>
    // Whoever closes the dialogue has changed their mind: nothing to say.
    navigator.share({ title: document.title, url: location.href }).catch(() => undefined),
  );
}
onPress("[data-copy]", (button) => {
  const done = navigator.clipboard?.writeText(button.dataset.copy ?? location.href);
  (done ?? Promise.reject(new Error("no clipboard"))).then(
    () => say("said"),
    () => say("failed"),
  );
});
onPress("[data-print]", () => window.print());
