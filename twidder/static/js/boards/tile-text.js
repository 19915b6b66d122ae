/** Words: those of the tile as Markdown, and texts that come, as they are. */
import { html } from "../lib/html.js";
import { Body } from "../rooms/body.js";
import { words } from "./figures.js";
import { labelOf, useValues } from "./series.js";

const NOBODY = {};

export const Text = ({ board, tile, keys }) => html`
  <div class="board-text" tabindex="0" role="region" aria-label="Text">
    ${tile.text && html`<${Body} text=${tile.text} mentions=${NOBODY} />`}
    ${useValues(board, keys).map(([key, value]) => html`
      <p key=${key} class="board-text__value" dir="auto">${keys.length > 1 && html`<span class="aside">${labelOf(tile, key)} </span>`}${words(value, tile.decimals)}${value.unit && ` ${value.unit}`}</p>
    `)}
  </div>
`;
