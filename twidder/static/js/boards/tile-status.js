/** Lights: a word and a shape for each, the colour comes on top. */
import { html } from "../lib/html.js";
import { levelOf, words } from "./figures.js";
import { labelOf, useValues } from "./series.js";

const WORDS = {
  good: "ok good up green online on yes passing passed success running ready open healthy alive well fine",
  warn: "warn warning late degraded yellow amber slow unstable pending",
  bad: "bad error err fail failed failing failure down red offline critical broken dead",
};
const LEVELS = Object.fromEntries(Object.entries(WORDS).flatMap(([level, list]) => list.split(" ").map((word) => [word, level])));
const SHAPES = {
  good: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20ZM7 12l3.5 3.5L17 9",
  warn: "M12 3 1.8 21h20.4ZM12 10v4.5M12 17.4v.2",
  bad: "M8 2h8l6 6v8l-6 6H8l-6-6V8ZM8.5 8.5l7 7M15.5 8.5l-7 7",
  none: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20ZM7.5 12h9",
};

export function Status({ board, tile, keys }) {
  const rows = useValues(board, keys);
  return html`
    <ul class="lights" data-single=${rows.length === 1}>
      ${rows.map(([key, value]) => html`<${Light} key=${key} name=${rows.length > 1 ? labelOf(tile, key) : null} value=${value} level=${levelFor(tile, value)} tile=${tile} />`)}
    </ul>
  `;
}

const Light = ({ name, value, level, tile }) => html`
  <li class="light" data-level=${level}>
    <svg class="light__shape" viewBox="0 0 24 24" aria-hidden="true"><path d=${SHAPES[level]} /></svg>
    <span class="light__word"><bdi>${words(value, tile.decimals)}</bdi>${value.unit && ` ${value.unit}`}</span>
    ${name && html`<span class="light__name"><bdi>${name}</bdi></span>`}
  </li>
`;

/** By thresholds where the tile has some (a flag counts as 0 or 1), else by what is usually meant. */
function levelFor(tile, { type, value }) {
  if (type === "text") return LEVELS[value.trim().toLowerCase().replace(/^all\s+/, "").split(/[\s:,.;!]/)[0]] ?? "none";
  return levelOf(tile, Number(value)) ?? (type === "flag" ? (value ? "good" : "bad") : "none");
}
