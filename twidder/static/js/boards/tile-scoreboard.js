/** Who leads: the highest first. Who overtakes moves there. */
import { useRef } from "preact/hooks";
import { html } from "../lib/html.js";
import { figure } from "./figures.js";
import { useMotion } from "./motion.js";
import { labelOf, useValues } from "./series.js";

export function Scoreboard({ board, tile, keys }) {
  const rows = useValues(board, keys)
    .filter(([, { type }]) => type === "number")
    .sort(([one, a], [other, b]) => b.value - a.value || one.localeCompare(other));
  const list = useRef(null);
  useMotion(() => list.current.children, ({ dataset }) => dataset.key, rows.map(([key]) => key).join());
  return html`
    <ol class="scores" ref=${list} tabindex="0" aria-label="Ranking">
      ${rows.map(([key, value]) => html`
        <li key=${key} data-key=${key} class="score">
          <span class="score__rank">${rankOf(rows, value)}</span>
          <span class="score__name" title=${key}><bdi>${labelOf(tile, key)}</bdi></span>
          <span class="score__value">${figure(value.value, tile.decimals)}${value.unit && html`<span class="figure__unit"> ${value.unit}</span>`}</span>
        </li>
      `)}
    </ol>
  `;
}

/** Who has as much shares the rank. */
const rankOf = (rows, { value }) => rows.findIndex(([, other]) => other.value === value) + 1;
