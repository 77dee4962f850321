/** Words typed above the list of one page hide what does not hold them; also without a connection. */

const field = document.querySelector(".list-filter");
const input = document.querySelector("#filter");
const count = document.querySelector("#filter-count");

/** @param {string} text */
function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ς", "σ");
}

const lines = [...document.querySelectorAll(".one-line")].map((line) => ({ line, words: folded(line.textContent ?? "") }));

function filter() {
  if (!(input instanceof HTMLInputElement)) return;
  const wanted = folded(input.value).split(/\s+/).filter(Boolean);
  let n = 0;
  for (const { line, words } of lines) {
    const fits = wanted.every((word) => words.includes(word));
    line.toggleAttribute("hidden", !fits);
    n += fits ? 1 : 0;
  }
  for (const section of document.querySelectorAll(".one-page")) {
    section.toggleAttribute("hidden", !section.querySelector(".one-line:not([hidden])"));
  }
  if (count instanceof HTMLElement) {
    count.textContent = wanted.length ? (count.dataset.count ?? "").replace("{n}", String(n)) : "";
  }
}

if (field instanceof HTMLElement && lines.length > 1) {
  field.hidden = false;
  input?.addEventListener("input", filter);
}
