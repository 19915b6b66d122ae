/** The board while it is arranged: each tile can be moved, resized, changed and removed; by pointer and by keyboard. */
import { useRef } from "preact/hooks";
import { open } from "../frame/dialog.js";
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";
import { useDragging } from "./arrange-drag.js";
import { Grid } from "./grid.js";
import { useMotion } from "./motion.js";
import { titleOf } from "./series.js";
import { Tile } from "./tile.js";
import { TileDialog } from "./tile-dialog.js";
import { MOST_SERIES } from "./tile-fields.js";

const MOVES = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
const GROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function Arranged({ board, arranging }) {
  const place = useRef(null);
  const drag = useDragging(arranging);
  useMotion(() => place.current.querySelectorAll(".board-grid > [data-tile]"), ({ dataset }) => dataset.tile, board.tiles.value);
  const add = () => open(TileDialog, { board, arranging });
  const draw = (tile) => html`
    <${Tile} key=${tile.id} board=${board} tile=${tile} moving=${drag.moving.value === tile.id} tools=${html`<${Tools} board=${board} arranging=${arranging} tile=${tile} drag=${drag} />`} />
  `;
  const drawOther = (tile) => html`<${Tile} key=${tile.id} board=${board} tile=${tile} tools=${html`<${Keep} arranging=${arranging} tile=${tile} />`} />`;
  return html`
    <div class="arranging" ref=${place}>
      <div class="arranging__bar">
        <button class="button button--primary" type="button" onClick=${add}><${Icon} name="plus" size=${16} />Add tile</button>
        <p class="aside">Drag a tile by its handle, or move it with the arrow keys. Every change is saved at once.</p>
      </div>
      <${Grid} board=${board} draw=${draw} drawOther=${drawOther} />
    </div>
  `;
}

function Tools({ board, arranging, tile, drag }) {
  const title = titleOf(tile) || "this tile";
  const moveByKey = onArrows((key) => arranging.step(tile.id, MOVES[key]));
  const resizeByKey = onArrows((key) => arranging.resize(tile.id, (tile.width ?? 1) + GROWS[key][0], (tile.height ?? 1) + GROWS[key][1]));
  return html`
    <div class="board-tile__tools" role="group" aria-label="Arrange ${title}">
      <button class="icon-button board-tile__handle" type="button" aria-label="Move ${title}" title="Drag, or use the arrow keys" onKeyDown=${moveByKey} onPointerDown=${(event) => drag.begin(event, tile, "move")}><${Icon} name="grip" size=${16} /></button>
      <button class="icon-button board-tile__handle" type="button" aria-label="Resize ${title}" title="Drag, or use the arrow keys" onKeyDown=${resizeByKey} onPointerDown=${(event) => drag.begin(event, tile, "resize")}><${Icon} name="resize" size=${16} /></button>
      <button class="icon-button" type="button" aria-label="Change ${title}" title="Change" onClick=${() => open(TileDialog, { board, arranging, tile })}><${Icon} name="pencil" size=${16} /></button>
      <button class="icon-button" type="button" aria-label="Remove ${title}" title="Remove" onClick=${() => arranging.remove(tile)}><${Icon} name="trash" size=${16} /></button>
    </div>
  `;
}

/** The tile of a series that nobody made a tile for. */
const Keep = ({ arranging, tile }) => html`
  <div class="board-tile__tools">
    ${tile.series.length <= MOST_SERIES && html`<button class="button" type="button" aria-label="Keep ${titleOf(tile)} as a tile" onClick=${() => arranging.keep(tile)}>Keep</button>`}
    <span class="aside">Nobody placed it</span>
  </div>
`;

const onArrows = (run) => (event) => {
  if (!(event.key in MOVES)) return;
  event.preventDefault();
  run(event.key);
};
