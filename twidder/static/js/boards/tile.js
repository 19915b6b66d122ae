/** One tile: its title, what it shows, how fresh that is, and what can be done with it. */
import { useMemo } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { Popup } from "../rooms/popup.js";
import { openTable } from "./chart-table.js";
import { download, pictureOf } from "./chart-picture.js";
import { Fresh } from "./fresh.js";
import { KINDS } from "./kinds.js";
import { labelOf, titleOf, useKeys, useValues } from "./series.js";

/** These say themselves how old each of their lines is, or show nothing that ages. */
const AGELESS = new Set(["poll", "table"]);

/** `mayVote`, `hasFiles`: whether who looks has an account or a visit here · `tools`: in place of its freshness, while it is arranged. */
export function Tile({ board, tile, mayVote, hasFiles, tools, moving }) {
  const keys = useKeys(board, tile);
  const hold = useMemo(() => ({ plot: null, lines: [], past: null }), []);
  const { View } = KINDS[tile.kind];
  const title = titleOf(tile);
  const isEmpty = !keys.length && tile.kind !== "poll" && !tile.text;
  return html`
    <section
      class="board-tile" aria-label=${title || KINDS[tile.kind].name} data-kind=${tile.kind} data-width=${tile.width ?? 1} data-height=${tile.height ?? 1}
      data-tile=${tile.id} data-moving=${moving}
    >
      <header class="board-tile__head">
        ${title && html`<h2 dir="auto" title=${title}>${title}</h2>`}
        ${!tools && tile.kind === "chart" && keys.length > 0 && html`<${ChartMenu} board=${board} tile=${tile} keys=${keys} title=${title} hold=${hold} hasFiles=${hasFiles} />`}
      </header>
      <div class="board-tile__body">
        ${isEmpty ? html`<p class="aside">No value yet.</p>` : html`<${View} board=${board} tile=${tile} keys=${keys} mayVote=${mayVote} hold=${hold} />`}
      </div>
      ${tools ?? (keys.length > 0 && !AGELESS.has(tile.kind) && html`<${Foot} board=${board} tile=${tile} keys=${keys} />`)}
    </section>
  `;
}

const Foot = ({ board, tile, keys }) => html`<${Fresh} values=${useValues(board, keys).map(([key, value]) => [labelOf(tile, key), value])} isLive=${board.isLive} />`;

function ChartMenu({ board, tile, keys, title, hold, hasFiles }) {
  const save = async () => download(await pictureOf(hold, title, document.getElementById("content")), `${title}.png`);
  const button = ({ open, toggle }) => html`
    <button class="icon-button board-tile__menu" type="button" aria-label="More of ${title}" title="More" aria-haspopup="menu" aria-expanded=${open} onClick=${toggle}><${Icon} name="ellipsis" size=${16} /></button>
  `;
  const act = (close, run) => () => {
    close();
    if (hold.plot) run();
    else say("The chart is not drawn yet.");
  };
  return html`
    <${Popup} label="More of ${title}" role="menu" button=${button}>
      ${(close) => html`
        <button class="menu__item" role="menuitem" type="button" onClick=${act(close, save)}><${Icon} name="image" size=${16} />Save as picture</button>
        <button class="menu__item" role="menuitem" type="button" onClick=${act(close, () => openTable(title, tile, hold))}><${Icon} name="table" size=${16} />As a table</button>
        ${hasFiles && html`<a class="menu__item" role="menuitem" href=${board.points.csv(keys, tile.window ?? 3_600)} download onClick=${close}><${Icon} name="download" size=${16} />CSV</a>`}
      `}
    <//>
  `;
}
