/** What happened: the texts of some series, newest first, with their times. */
import { html } from "../lib/html.js";
import { ago, clockWithSeconds, full } from "../lib/time.js";
import { words } from "./figures.js";
import { usePast } from "./past.js";
import { labelOf, useValues } from "./series.js";

const MOST = 100;
const DAY = 86_400_000;

export function Events({ board, tile, keys }) {
  const past = usePast(board, keys, tile.window ?? 3_600, MOST);
  useValues(board, keys);
  const items = past ? newest(past, board.values.peek(), keys) : [];
  if (!items.length) return html`<p class="aside">Nothing yet.</p>`;
  return html`
    <ol class="events" tabindex="0" aria-label="Events">
      ${items.map(({ key, at, text }) => html`
        <li key="${key} ${at}" class="event">
          <time datetime=${new Date(at).toISOString()} title=${full(at)}>${Date.now() - at < DAY ? clockWithSeconds(at) : ago(at)}</time>
          <span dir="auto">${keys.length > 1 && html`<span class="aside">${labelOf(tile, key)} </span>`}${text}</span>
        </li>
      `)}
    </ol>
  `;
}

/** [{ key, at, text }] of all series together. */
function newest(past, values, keys) {
  past.changed.value;
  const items = keys.flatMap((key) => entries(past.tracks.get(key), values.get(key)).map(([at, text]) => ({ key, at, text })));
  return items.sort((a, b) => b.at - a.at).slice(0, MOST);
}

function entries(track, value) {
  if (!track) return [];
  if (track.items) return track.items;
  return track.at.map((at, index) => [at, words({ type: value?.type ?? "number", value: track.mean[index] })]);
}
