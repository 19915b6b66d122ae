/** Bars of who got which choice: read as a table by those who listen. */
import { html } from "../lib/html.js";
import { number, ordinal } from "../lib/text.js";

/** A draw → [{ label, count, isLow? }]: first, second … choice; then what nobody wished for. */
export function barsOf({ choices: { ranks, unranked, none } }) {
  const last = ranks.findLastIndex((count) => count > 0);
  const ranked = ranks.slice(0, Math.max(last + 1, Math.min(3, ranks.length))).map((count, index) => ({ label: `${ordinal(index + 1)} choice`, count }));
  return [...ranked, ...(unranked ? [{ label: "not ranked", count: unranked, isLow: true }] : []), ...(none ? [{ label: "no place", count: none, isLow: true }] : [])];
}

export function Histogram({ bars }) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const all = bars.reduce((sum, { count }) => sum + count, 0);
  return html`
    <table class="choices-chart">
      <caption class="visually-hidden">How many teams got which choice</caption>
      <thead class="visually-hidden"><tr><th scope="col">Choice</th><th scope="col">Teams</th></tr></thead>
      <tbody>
        ${bars.map(({ label, count, isLow }) => html`
          <tr key=${label}>
            <th scope="row">${label}</th>
            <td><span class="choices-chart__bar" data-low=${isLow ?? false} data-none=${count === 0} aria-hidden="true" ref=${(bar) => bar?.style.setProperty("--share", count / most)}></span><span class="choices-chart__count">${number(count)}</span> <span class="aside">${all ? `${Math.round((100 * count) / all)} %` : ""}</span></td>
          </tr>
        `)}
      </tbody>
    </table>
  `;
}
