/** Who sees a board: the words for it, and the fields that choose it. */
import { Choices } from "../frame/choices.js";
import { html } from "../lib/html.js";
import { nameOf } from "../rooms/names.js";
import { rooms, shelved } from "../rooms/shelf.js";

const AUDIENCES = [
  ["members", "All members", "Everybody with an account here."],
  ["room", "A room", "The people of one room, its guests too."],
  ["me", "Only me", "Nobody else, until you change it."],
];
const WORDS = { members: "All members", room: "A room", me: "Only me" };

/** "All members", "lab-3", "All members, shown in lab-3" */
export function audienceOf({ audience, room, built_in: isBuiltIn }) {
  const name = room && shelved(room) && nameOf(shelved(room).room.value);
  if (isBuiltIn) return "Twidder’s own";
  if (audience === "room") return name ?? "A room";
  return name ? `${WORDS[audience]}, shown in ${name}` : WORDS[audience];
}

/**
 * `audience`, `room` (an id or null) → `change({ audience, room })`. A board for all may be shown in a room besides; one for
 * a room must be; mine alone is shown in none.
 */
export function Audience({ audience, room, change }) {
  const first = rooms.value[0]?.id ?? null;
  const choose = (one) => change({ audience: one, room: one === "me" ? null : one === "room" ? (room ?? first) : room });
  const options = AUDIENCES.filter(([one]) => one !== "room" || rooms.value.length);
  return html`
    <${Choices} legend="Who sees it" name="audience" options=${options} value=${audience} choose=${choose} />
    ${audience !== "me" && rooms.value.length > 0 && html`<${InRoom} audience=${audience} room=${room} choose=${(id) => change({ audience, room: id })} />`}
  `;
}

const InRoom = ({ audience, room, choose }) => html`
  <label class="about__level">
    <span>${audience === "room" ? "Which room" : "Shown in a room"}</span>
    <select value=${room ?? ""} onChange=${({ target }) => choose(Number(target.value) || null)}>
      ${audience !== "room" && html`<option value="">None</option>`}
      ${room !== null && !shelved(room) && html`<option value=${room}>A room you are not in</option>`}
      ${rooms.value.map((one) => html`<option key=${one.id} value=${one.id}>${nameOf(one.room.value)}</option>`)}
    </select>
  </label>
`;
