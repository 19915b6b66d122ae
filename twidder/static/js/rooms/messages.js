/** The list of a conversation. Whatever is added or let go at either end, what one reads stays where it is. */
import { useRef } from "preact/hooks";
import { html } from "../lib/html.js";
import { outbox } from "../live/outbox.js";
import { Beginning } from "./beginning.js";
import { sentences } from "./comings.js";
import { DayLine } from "./day-line.js";
import { Message } from "./message.js";
import { Pending } from "./pending.js";
import { useScrolling } from "./scrolling.js";
import { rows } from "./timeline.js";

export function Messages({ room }) {
  const scroller = useRef(null);
  const drawn = useRef(new Map());
  const shown = rows({
    messages: room.pages.items.value,
    waiting: room.pages.hasEnd ? outbox.value.filter(({ topic }) => topic === room.topic) : [],
    comings: room.comings.value,
    newFrom: room.reading.newFrom.value,
  });
  useScrolling(room, scroller);
  return html`
    <div class="messages" ref=${scroller} role="log" aria-label="Conversation" aria-live="off" tabindex="0">
      <div class="messages__list">
        ${room.pages.older.value === null ? html`<${Beginning} room=${room} />` : html`<div class="messages__more" aria-hidden="true"></div>`}
        ${draw(shown, room, drawn)}
      </div>
    </div>
  `;
}

/** A row that is as it was is the same node as before, and costs nothing. */
function draw(shown, room, drawn) {
  const next = new Map();
  for (const row of shown) {
    const before = drawn.current.get(row.key);
    const same = before && before.row.entry === row.entry && before.row.head === row.head && row.kind !== "coming";
    next.set(row.key, same ? before : { row, node: html`<${KINDS[row.kind]} key=${row.key} room=${room} row=${row} />` });
  }
  drawn.current = next;
  return [...next.values()].map(({ node }) => node);
}

const NewLine = () => html`<div class="new-line" data-row="new" role="separator"><span>New</span></div>`;

const Comings = ({ row }) => html`<p class="coming" data-row=${row.key}>${sentences(row).join(" · ")}</p>`;

const Said = ({ room, row: { key, entry, head } }) =>
  entry.id === undefined
    ? html`<${Pending} rowKey=${key} entry=${entry} head=${head} />`
    : html`<${Message} rowKey=${key} room=${room} message=${entry} head=${head} />`;

const KINDS = { day: DayLine, new: NewLine, coming: Comings, message: Said };
