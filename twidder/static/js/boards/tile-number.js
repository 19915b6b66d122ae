/** One number, large, with the line of where it came from. A text or a flag in its place is said in words. */
import { html } from "../lib/html.js";
import { figure, levelOf, words } from "./figures.js";
import { labelOf, useValues } from "./series.js";
import { Sparkline } from "./sparkline.js";

export function NumberTile({ board, tile, keys }) {
  const values = useValues(board, keys);
  if (values.length === 1) return html`<${Large} board=${board} tile=${tile} name=${values[0][0]} value=${values[0][1]} />`;
  return html`
    <div class="figures">
      ${values.map(([key, value]) => html`
        <div key=${key}><p class="aside"><bdi>${labelOf(tile, key)}</bdi></p><${Figure} tile=${tile} value=${value} /></div>
      `)}
    </div>
  `;
}

const Large = ({ board, tile, name, value }) => html`
  <${Figure} tile=${tile} value=${value} />
  ${value.type === "number" && html`<${Sparkline} key=${name} board=${board} name=${name} seconds=${tile.window ?? 3_600} />`}
`;

export const Figure = ({ tile, value }) => html`
  <p class="figure" data-type=${value.type} data-level=${value.type === "number" ? levelOf(tile, value.value) : null}>
    <bdi>${value.type === "number" ? figure(value.value, tile.decimals) : words(value)}</bdi>${value.unit && html`<span class="figure__unit"> ${value.unit}</span>`}
  </p>
`;
