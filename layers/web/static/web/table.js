/**
 * Sorts a server-made table in place. Its header links sort by themselves without scripts.
 */

/**
 * @param {HTMLTableElement} table header links carry `data-sort` (a column) and `data-first`
 *   (`ascending` or `descending`, the direction of the first press); cells carry `data-value`
 */
export function sortable(table) {
  table.tHead?.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[data-sort]");
    if (!(link instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    const header = /** @type {HTMLTableCellElement} */ (link.closest("th"));
    const descending = nextIsDescending(header, link);
    sort(table, header.cellIndex, descending);
    for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", descending ? "descending" : "ascending");
    remember(link.dataset.sort ?? "", descending);
  });
}

/**
 * @param {HTMLTableCellElement} header
 * @param {HTMLAnchorElement} link
 */
function nextIsDescending(header, link) {
  const now = header.getAttribute("aria-sort");
  return now ? now === "ascending" : link.dataset.first === "descending";
}

/**
 * @param {HTMLTableElement} table
 * @param {number} column
 * @param {boolean} descending
 */
function sort(table, column, descending) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const value = (/** @type {HTMLTableRowElement} */ row) => row.cells[column].dataset.value ?? "";
  const numeric = rows.every((row) => value(row) === "" || !Number.isNaN(Number(value(row))));
  const collator = new Intl.Collator(document.documentElement.lang);
  rows.sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    // What is not known stands last, whichever way the rest is sorted.
    if (left === "" || right === "") return Number(left === "") - Number(right === "");
    const order = numeric ? Number(left) - Number(right) : collator.compare(left, right);
    return descending ? -order : order;
  });
  body.append(...rows);
}

/**
 * @param {string} column
 * @param {boolean} descending
 */
function remember(column, descending) {
  const address = new URL(location.href);
  address.searchParams.set("sort", descending ? `-${column}` : column);
  history.replaceState(null, "", address);
}
