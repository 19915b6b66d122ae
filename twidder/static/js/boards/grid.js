/** All tiles of a board, and a tile for each series that has none: one pushed value is enough to show something. */
import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { html } from "../lib/html.js";
import { KIND_OF } from "./kinds.js";
import { untold } from "./series.js";
import { Tile } from "./tile.js";

/** Beyond so many, what has no tile of its own stands in one table. */
const OWN_TILES = 12;

/** `children`: tiles before all others · `draw(tile)`, `drawOther(tile)`: other drawings of its own tiles, and of those that nobody made. */
export function Grid({ board, mayVote = false, hasFiles = false, draw, drawOther, children }) {
  const others = useMemo(() => computed(() => JSON.stringify(additional(board.tiles.value, board.values.value))), [board]);
  const show = (tile) => html`<${Tile} key=${tile.id} board=${board} tile=${tile} mayVote=${mayVote} hasFiles=${hasFiles} />`;
  return html`
    <div class="board-grid" data-connection=${board.isLive ? "live" : "away"}>
      ${children}
      ${board.tiles.value.map(draw ?? show)}
      ${JSON.parse(others.value).map(drawOther ?? show)}
    </div>
  `;
}

/** Tiles that nobody made, of the series that no tile shows. */
function additional(tiles, values) {
  const keys = untold(tiles, [...values.keys()]);
  if (keys.length > OWN_TILES) return [{ id: "$others", kind: "table", title: "Other series", series: keys, width: 2, height: 2 }];
  return keys.map((key) => ({ id: `$${key}`, kind: KIND_OF[values.get(key).type], series: [key] }));
}
