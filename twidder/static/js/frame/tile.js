import { html } from "../lib/html.js";

export const Tile = () => html`<span class="tile" aria-hidden="true">t</span>`;
