/** Series by name: what they are now, and since when. */
import { html } from "../lib/html.js";
import { ago, full, since } from "../lib/time.js";
import { words } from "./figures.js";
import { labelOf, useValues } from "./series.js";

export function TableTile({ board, tile, keys }) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Table">
      <table class="values">
        <thead><tr><th scope="col">Series</th><th scope="col">Value</th><th scope="col">Came</th></tr></thead>
        <tbody>
          ${useValues(board, keys).map(([key, value]) => html`
            <tr key=${key}>
              <th scope="row"><bdi>${labelOf(tile, key)}</bdi></th>
              <td data-type=${value.type}><bdi>${words(value, tile.decimals)}</bdi>${value.unit && html`<span class="figure__unit"> ${value.unit}</span>`}</td>
              <td title=${full(value.seen)}>${came(value)}</td>
            </tr>
          `)}
        </tbody>
      </table>
    </div>
  `;
}

function came({ freshness, seen }) {
  if (freshness !== "late" && freshness !== "silent") return ago(seen);
  const isLate = freshness === "late";
  return html`<span class="values__fresh" data-freshness=${freshness}><span class="dot ${isLate ? "dot--warn" : ""}"></span>${isLate ? "late" : `silent since ${since(seen)}`}</span>`;
}
