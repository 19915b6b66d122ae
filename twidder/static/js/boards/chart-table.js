/** What a chart shows, to be read: a table, newest first. */
import { Dialog, open } from "../frame/dialog.js";
import { html } from "../lib/html.js";
import { clockWithSeconds, dayAndClock, full } from "../lib/time.js";
import { figure } from "./figures.js";

const ROWS = 200;

export const openTable = (title, tile, hold) => open(Table, { title, tile, lines: hold.lines, rows: rowsOf(hold) });

/** Of the moment at which it was asked for: it does not move while one reads. */
const Table = ({ title, tile, lines, rows }) => html`
  <${Dialog} title=${title}>
    <div class="scroll" tabindex="0" role="region" aria-label="Table">
      <table class="values">
        <thead><tr><th scope="col">Time</th>${lines.map(({ key, label, unit }) => html`<th key=${key} scope="col"><bdi>${label}</bdi>${unit && ` (${unit})`}</th>`)}</tr></thead>
        <tbody>
          ${rows.map(([at, ...values]) => html`
            <tr key=${at}><th scope="row" title=${full(at)}>${timeOf(at)}</th>${values.map((value, index) => html`<td key=${index}>${cell(tile, lines[index], value)}</td>`)}</tr>
          `)}
        </tbody>
      </table>
    </div>
    ${rows.length === ROWS && html`<p class="aside">The newest ${ROWS}. The CSV has all.</p>`}
  <//>
`;

const DAY = 86_400_000;
const timeOf = (at) => (Date.now() - at < DAY ? clockWithSeconds(at) : dayAndClock(at));
const cell = (tile, { type }, value) => (value === undefined ? "" : type === "flag" ? (value ? "Yes" : "No") : figure(value, tile.decimals));

/** [[at, value of the first series, …]] */
function rowsOf({ lines, past }) {
  const rows = new Map();
  lines.forEach(({ key }, index) => {
    const { at, mean } = past.tracks.get(key) ?? { at: [], mean: [] };
    at.forEach((time, number) => {
      if (!rows.has(time)) rows.set(time, [time, ...lines.map(() => undefined)]);
      rows.get(time)[index + 1] = mean[number];
    });
  });
  return [...rows.values()].sort((a, b) => b[0] - a[0]).slice(0, ROWS);
}
