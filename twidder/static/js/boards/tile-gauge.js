/** One number between two ends, as an arc. */
import { html } from "../lib/html.js";
import { figure, levelOf } from "./figures.js";
import { useValues } from "./series.js";
import { share } from "./tile-bars.js";
import { Figure } from "./tile-number.js";

const ARC = "M10 60A50 50 0 0 1 110 60";

export function Gauge({ board, tile, keys }) {
  const [first] = useValues(board, keys.slice(0, 1));
  if (!first) return null;
  const value = first[1];
  const [low, high] = [tile.low ?? 0, tile.high ?? 100];
  if (value.type !== "number") return html`<${Figure} tile=${tile} value=${value} />`;
  return html`
    <div class="gauge">
      <svg viewBox="0 0 120 66" aria-hidden="true">
        <path class="gauge__track" d=${ARC} pathLength="100" />
        <path class="gauge__value" d=${ARC} pathLength="100" data-level=${levelOf(tile, value.value)} stroke-dasharray="${(share(value.value, low, high) * 100).toFixed(1)} 200" />
      </svg>
      <${Figure} tile=${tile} value=${value} />
      <p class="gauge__ends aside"><span>${figure(low)}</span><span>${figure(high)}</span></p>
    </div>
  `;
}
