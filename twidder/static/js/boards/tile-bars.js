/** Numbers beside each other, as bars from the same edge. */
import { html } from "../lib/html.js";
import { figure, levelOf } from "./figures.js";
import { labelOf, useValues } from "./series.js";

export function Bars({ board, tile, keys }) {
  const rows = useValues(board, keys).filter(([, { type }]) => type === "number");
  const [low, high] = endsOf(tile, rows.map(([, { value }]) => value));
  return html`
    <ul class="bars" tabindex="0" aria-label="Bars">
      ${rows.map(([key, value]) => html`
        <li key=${key} class="bar-row">
          <span class="bar-row__name"><bdi>${labelOf(tile, key)}</bdi></span>
          <span class="bar-row__value">${figure(value.value, tile.decimals)}${value.unit && html`<span class="figure__unit"> ${value.unit}</span>`}</span>
          <span class="bar-row__track" aria-hidden="true"><span data-level=${levelOf(tile, value.value)} style=${{ "--share": share(value.value, low, high) }}></span></span>
        </li>
      `)}
    </ul>
  `;
}

/** The edges: those of the tile, else nought and the largest. */
const endsOf = ({ low, high }, values) => [low ?? Math.min(0, ...values), high ?? Math.max(...values, (low ?? 0) + Number.EPSILON)];

export const share = (value, low, high) => Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
