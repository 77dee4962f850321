/**
 * The way out: leaves this site without leaving it behind the "back" button. Without scripts it is a
 * plain link. Three presses of Shift in a row do the same; what has been seen stays in the history
 * of the browser, as the page on safety says.
 */

const PRESSES = 3;
const WITHIN_MS = 2000;

const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector(".exit a"));

/** @param {HTMLAnchorElement} way */
function leave(way) {
  document.body.hidden = true;
  document.title = way.hostname;
  location.replace(way.href);
}

/** @type {number[]} */
let pressed = [];

if (link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    pressed = event.key === "Shift" ? [...pressed, event.timeStamp].slice(-PRESSES) : [];
    if (pressed.length === PRESSES && event.timeStamp - pressed[0] <= WITHIN_MS) leave(link);
  });
}
