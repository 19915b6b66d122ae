/** One room or conversation in the rail: bold while something is unread, a pill for what calls me. */
import { html } from "../lib/html.js";
import { place } from "../lib/router.js";
import { iconOf, nameOf, pathOf } from "../rooms/names.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icon.js";

const MANY = 99;
const upTo = (count) => (count > MANY ? `${MANY}+` : count);

export function RoomItem({ shelved }) {
  const room = shelved.room.value;
  const current = place.value.path === pathOf(room);
  const isQuiet = shelved.mine.value.level === "nothing";
  const unread = shelved.isIn.value && !isQuiet ? shelved.unread.value : 0;
  return html`
    <a class="rail__item rail__room" href=${pathOf(room)} data-unread=${unread > 0} data-quiet=${isQuiet} aria-current=${current ? "page" : undefined}>
      <${Glyph} room=${room} here=${isHere(shelved)} />
      <span>${nameOf(room)}</span>
      <${Count} shelved=${shelved} unread=${unread} />
    </a>
  `;
}

export const Glyph = ({ room, here }) =>
  room.kind === "dm" && room.people?.length ? html`<${Avatar} person=${room.people[0]} size="small" here=${here} />` : html`<${Icon} name=${iconOf(room)} />`;

/** Of a conversation between two: is the other one here? */
export function isHere(shelved) {
  const { kind, people = [] } = shelved.room.value;
  return kind === "dm" && people.length === 1 && Boolean(shelved.presence.value?.here.some(({ id }) => id === people[0].id));
}

function Count({ shelved, unread }) {
  if (!shelved.isIn.value) return html`<span class="pill">invited</span>`;
  const calls = shelved.calls.value;
  if (calls) return html`<span class="pill" aria-label="${calls} for you">${upTo(calls)}</span>`;
  return unread > 0 && html`<span class="rail__count" aria-label="${unread} unread">${upTo(unread)}</span>`;
}
