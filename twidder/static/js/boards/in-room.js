/** Beside a conversation: the boards that are shown there, with their first values, and a way to show another. */
import { memberId } from "../accounts/session.js";
import { Dialog, open } from "../frame/dialog.js";
import { Icon } from "../frame/icon.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { patch } from "../lib/http.js";
import { since } from "../lib/time.js";
import { live } from "../live/socket.js";
import { boards, known, pathOf, put } from "./known.js";
import { openNewBoard } from "./new.js";
import { words } from "./figures.js";
import { labelOf, resolve } from "./series.js";

const SHOWN = 3;
const DOTS = { fresh: "good", late: "warn", silent: "silent" };

/** `room`: the Room that is open. */
export function RoomBoards({ room }) {
  const items = room.boards.items.value ?? [];
  const mayShow = memberId.value && room.canWrite.value;
  if (room.room.value.kind === "dm" || (!items.length && !mayShow)) return null;
  return html`
    <section class="room-boards" aria-label="Boards">
      <h2 class="context__title">Boards</h2>
      ${items.map((one) => html`<${Compact} key=${one.id} shown=${one} room=${room} />`)}
      ${mayShow && html`<button class="text-button room-boards__add" type="button" onClick=${() => open(ShowBoard, { room })}>Show a board here</button>`}
    </section>
  `;
}

function Compact({ shown, room }) {
  const board = shown.board.value;
  const keys = firstKeys(board.tiles, shown.values.value);
  const mayHide = memberId.value && (known.value?.get(board.id)?.mine.may_arrange || room.moderates.value);
  return html`
    <article class="room-board card">
      <header>
        <a href=${pathOf(board)}><bdi>${board.name}</bdi></a>
        ${mayHide && html`<button class="icon-button" type="button" aria-label="Do not show ${board.name} here" title="Do not show it here" onClick=${() => hide(board, room)}><${Icon} name="x" size=${14} /></button>`}
      </header>
      ${keys.length ? html`<dl>${keys.map((key) => html`<${Row} key=${key} name=${key} label=${nameOf(board.tiles, key)} value=${shown.values.value.get(key)} />`)}</dl>` : html`<p class="aside">No values yet.</p>`}
    </article>
  `;
}

const Row = ({ name, label, value }) => html`
  <div class="room-board__row">
    <dt>${value.freshness && html`<span class="dot dot--${live.state.value === "live" ? DOTS[value.freshness] : "silent"}" aria-hidden="true"></span>`}<bdi title=${name}>${label}</bdi></dt>
    <dd class="room-board__value" title=${value.type === "text" ? value.value : undefined}><bdi>${words(value)}</bdi>${value.unit && html`<span>${value.unit}</span>`}</dd>
    ${(value.freshness === "late" || value.freshness === "silent") && html`<dd class="room-board__fresh">${value.freshness === "late" ? "late" : `silent since ${since(value.seen)}`}</dd>`}
  </div>
`;

/** Those of the first tiles, then any other: what stands there does not change its place with each value. */
function firstKeys(tiles, values) {
  const named = tiles.flatMap(({ series = [] }) => series).filter((key) => values.has(key));
  return [...new Set([...named, ...values.keys()])].slice(0, SHOWN);
}

/** As the tile that shows it alone is called, else as on the first tile that shows it. */
function nameOf(tiles, key) {
  const shows = tiles.filter(({ series = [] }) => resolve(series, [key]).includes(key));
  return shows.find(({ title, series }) => title && series.length === 1 && series[0] === key)?.title ?? labelOf(shows[0] ?? {}, key);
}

/** By who arranges it, and by the room's moderators, who cannot put it back. */
function hide(board, room) {
  const fail = (problem) => say(problem.message);
  const undo = { label: "Undo", run: () => show(board, room.id).catch(fail) };
  const done = (answer) => {
    if (answer.mine.may_arrange) put(answer);
    say(`${board.name} is not shown here any more`, answer.mine.may_arrange ? undo : null);
  };
  patch(`/boards/${board.id}`, { room: null }).then(done, fail);
}

/** A board of mine alone is for the room then. */
async function show(board, room) {
  put(await patch(`/boards/${board.id}`, { room, audience: board.audience === "members" ? "members" : "room" }));
}

function ShowBoard({ room, close }) {
  const shown = new Set(room.boards.items.value?.map(({ id }) => id));
  const mine = boards.value.filter(({ board, mine: { may_arrange: may } }) => may && !shown.has(board.id));
  const choose = (board) => show(board, room.id).then(close, (problem) => say(problem.message));
  return html`
    <${Dialog} title="Show a board in ${room.name}">
      ${mine.length ? html`<ul class="feeders">${mine.map(({ board }) => html`<${Choice} key=${board.id} board=${board} choose=${choose} />`)}</ul>` : html`<p class="aside">You have no other board yet.</p>`}
      <div><button class="button" type="button" onClick=${() => openNewBoard({ room: room.id })}><${Icon} name="plus" size=${16} />New board</button></div>
    <//>
  `;
}

const Choice = ({ board, choose }) => html`
  <li class="feeder">
    <span class="feeder__name"><bdi>${board.name}</bdi>${board.room && html`<span class="aside">Shown in another room now</span>`}</span>
    <button class="button" type="button" aria-label="Show ${board.name}" onClick=${() => choose(board)}>Show</button>
  </li>
`;
