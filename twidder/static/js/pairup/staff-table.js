/** A table that sorts and filters. Its rows' buttons are reached by Tab, and from row to row by the arrows. */
import { useState } from "preact/hooks";
import { html } from "../lib/html.js";
import { plural } from "../lib/text.js";

/** More rows than this are drawn on demand. */
const DRAWN = 200;
const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/**
 * `columns`: [{ key, label, value(row), cell(row)? }]; by `value` (text or number) a row is sorted and found ·
 * `actions(row)`: what stands at its end · `tools`: beside the filter
 */
export function SortedTable({ label, columns, rows, actions, tools, nothing }) {
  const [sort, setSort] = useState({ key: columns[0].key, up: true });
  const [filter, setFilter] = useState("");
  const [isWhole, setWhole] = useState(false);
  const found = sorted(matching(rows, columns, filter), columns, sort);
  const drawn = isWhole ? found : found.slice(0, DRAWN);
  return html`
    <div class="sheet">
      ${rows.length > 0 && html`<div class="sheet__tools">
        <input class="sheet__filter" type="search" aria-label="Filter ${label}" placeholder="Filter" value=${filter} onInput=${({ target }) => setFilter(target.value)} />
        ${filter && html`<span class="aside" role="status">${plural(found.length, "row", "rows")} of ${rows.length}</span>`}
        ${tools && html`<div class="sheet__more">${tools}</div>`}
      </div>`}
      ${rows.length === 0
        ? html`<p class="aside">${nothing}</p>`
        : html`<div class="sheet__scroll" tabindex="0" role="region" aria-label=${label}>
            <table class="sheet__table">
              <thead><tr>${columns.map((column) => html`<${Heading} key=${column.key} column=${column} sort=${sort} setSort=${setSort} />`)}${actions && html`<th><span class="visually-hidden">Actions</span></th>`}</tr></thead>
              <tbody onKeyDown=${moveByRow}>
                ${drawn.map((row) => html`<${Row} key=${row.id} row=${row} columns=${columns} actions=${actions} />`)}
              </tbody>
            </table>
          </div>`}
      ${drawn.length < found.length && html`<button class="button" type="button" onClick=${() => setWhole(true)}>Show all ${found.length}</button>`}
    </div>
  `;
}

function Heading({ column: { key, label }, sort, setSort }) {
  const isSorted = sort.key === key;
  const order = isSorted ? (sort.up ? "ascending" : "descending") : undefined;
  return html`
    <th scope="col" aria-sort=${order}>
      <button type="button" class="sheet__sort" onClick=${() => setSort({ key, up: !isSorted || !sort.up })}>${label}<span aria-hidden="true">${isSorted ? (sort.up ? " ↑" : " ↓") : ""}</span></button>
    </th>
  `;
}

const Row = ({ row, columns, actions }) => html`
  <tr>
    ${columns.map(({ key, value, cell }, index) => {
      const inside = cell ? cell(row) : html`<bdi>${value(row)}</bdi>`;
      return index === 0 ? html`<th key=${key} scope="row">${inside}</th>` : html`<td key=${key}>${inside}</td>`;
    })}
    ${actions && html`<td class="sheet__acts">${actions(row)}</td>`}
  </tr>
`;

function matching(rows, columns, filter) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return rows;
  return rows.filter((row) => {
    const text = columns.map(({ value }) => value(row)).join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function sorted(rows, columns, { key, up }) {
  const { value } = columns.find((column) => column.key === key);
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : COLLATOR.compare(a, b));
  return [...rows].sort((a, b) => compare(value(a), value(b)) * (up ? 1 : -1));
}

function moveByRow(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.defaultPrevented || event.target.closest(".popup__panel") || !event.target.matches(".sheet__acts button")) return;
  const buttons = [...event.currentTarget.querySelectorAll(".sheet__acts .popup > button")];
  buttons[buttons.indexOf(event.target) + step]?.focus();
  event.preventDefault();
}
