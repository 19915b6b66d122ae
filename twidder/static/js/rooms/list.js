/** All my rooms and conversations with what was said last, and the rooms that one may join. */
import { useEffect, useState } from "preact/hooks";
import { openConversation } from "../direct/start.js";
import { Icon } from "../frame/icon.js";
import { Page } from "../frame/page.js";
import { Glyph, isHere } from "../frame/rail-room.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { say } from "../frame/toast.js";
import { get, put as putTo, remove } from "../lib/http.js";
import { user } from "../accounts/session.js";
import { html } from "../lib/html.js";
import { go } from "../lib/router.js";
import { plural } from "../lib/text.js";
import { ago, full } from "../lib/time.js";
import { oneLine } from "./markdown.js";
import { iconOf, nameOf, pathOf } from "./names.js";
import { openNewRoom } from "./new-room.js";
import { archived, conversations, invitations, put, rooms, shelf } from "./shelf.js";

const PAUSE = 150;
const byActivity = (a, b) => b.activity.value - a.activity.value;

export const Rooms = () => html`
  <${Page} view="rooms" title="Rooms" actions=${html`<${Makers} />`}>
    ${shelf.value ? html`<${Mine} />` : html`<${Skeleton} rows=${5} />`}
    <${Others} />
    ${archived.value.length > 0 && html`<h2 class="list__title">Archived</h2><${List} label="Archived rooms" entries=${archived.value} />`}
  <//>
`;

const Makers = () => html`
  <button class="button button--pill" type="button" aria-label="New conversation" onClick=${openConversation}><${Icon} name="message-circle" size=${16} /><span>New conversation</span></button>
  <button class="button button--primary button--pill" type="button" aria-label="New room" onClick=${openNewRoom}><${Icon} name="plus" size=${16} /><span>New room</span></button>
`;

function Mine() {
  const mine = [...rooms.value, ...conversations.value].sort(byActivity);
  if (!mine.length && !invitations.value.length) return html`<${Empty}>You are in no room yet. Join one below, or make one.<//>`;
  return html`
    ${invitations.value.map((one) => html`<${Invitation} key=${one.id} shelved=${one} />`)}
    ${mine.length > 0 && html`<${List} label="Your rooms" entries=${mine} />`}
  `;
}

const List = ({ label, entries }) => html`<ul class="rooms card" aria-label=${label}>${entries.map((one) => html`<${Row} key=${one.id} shelved=${one} />`)}</ul>`;

function Row({ shelved }) {
  const [room, last, unread, calls] = [shelved.room.value, shelved.last.value, shelved.unread.value, shelved.calls.value];
  return html`
    <li>
      <a class="room-row" href=${pathOf(room)} data-unread=${unread > 0 && shelved.mine.value.level !== "nothing"}>
        <span class="room-row__glyph"><${Glyph} room=${room} here=${isHere(shelved)} /></span>
        <span class="room-row__name">${nameOf(room)}</span>
        ${last && html`<time class="room-row__time" title=${full(last.created_at)}>${ago(last.created_at)}</time>`}
        <span class="room-row__last"><${Said} last=${last} room=${room} /></span>
        ${calls > 0 ? html`<span class="pill" aria-label="${calls} for you">${calls}</span>` : unread > 0 && html`<span class="room-row__count" aria-label="${unread} unread">${unread}</span>`}
      </a>
    </li>
  `;
}

function Said({ last, room }) {
  if (!last) return room.description || "Nothing said yet";
  if (last.deleted) return "Message deleted";
  const who = last.author.id === user.value.id ? "You" : last.author.firstname;
  return html`<bdi>${who}: ${oneLine(last.text) || (last.files?.length ? "sent a file" : "")}</bdi>`;
}

function Invitation({ shelved }) {
  const room = shelved.room.value;
  const answer = (sending) => sending.catch((problem) => say(problem.message));
  return html`
    <section class="invited card">
      <${Icon} name=${iconOf(room)} />
      <p><strong>${nameOf(room)}</strong><span class="aside">You are invited. ${room.description}</span></p>
      <button class="button" type="button" onClick=${() => answer(remove(`/rooms/${room.id}/members/${user.value.id}`))}>Decline</button>
      <button class="button button--primary" type="button" onClick=${() => answer(join(room))}>Join</button>
    </section>
  `;
}

/** By the door of a room that is open, or of one that I am invited to. */
export async function join(room) {
  const joined = await putTo(`/rooms/${room.id}/members/${user.value.id}`, {});
  put(joined?.mine ? joined : await get(`/rooms/${room.id}`));
  go(pathOf(room));
}

function Others() {
  const [query, setQuery] = useState("");
  const [found, setFound] = useState(null);
  const [problem, setProblem] = useState(null);
  const mine = shelf.value?.size;
  const ask = () => {
    let current = true;
    const load = () => get(`/rooms?browse=true&q=${encodeURIComponent(query.trim())}`).then(({ items }) => current && (setFound(items), setProblem(null)), setProblem);
    const timer = setTimeout(load, query ? PAUSE : 0);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  };
  useEffect(ask, [query, mine]);
  if (!found?.length && !query && !problem) return null;
  return html`
    <h2 class="list__title">More rooms</h2>
    <label class="search search--small"><span class="visually-hidden">Search rooms</span><${Icon} name="search" size=${16} />
      <input type="search" placeholder="Search rooms" autocomplete="off" value=${query} onInput=${(event) => setQuery(event.target.value)} />
    </label>
    ${problem && html`<${Trouble} problem=${problem} again=${() => setQuery("")} />`}
    ${found?.length === 0 && html`<${Empty}>No other room is called so.<//>`}
    ${found?.length > 0 && html`<ul class="rooms card" aria-label="More rooms">${found.map((room) => html`<${Other} key=${room.id} room=${room} />`)}</ul>`}
  `;
}

const Other = ({ room }) => html`
  <li class="room-row">
    <span class="room-row__glyph"><${Icon} name=${iconOf(room)} /></span>
    <a class="room-row__name" href=${pathOf(room)}>${room.name}</a>
    <span class="room-row__last">${[plural(room.members, "person", "people"), room.description].filter(Boolean).join(" · ")}</span>
    <button class="button room-row__join" type="button" aria-label="Join ${room.name}" onClick=${() => join(room).catch((problem) => say(problem.message))}>Join</button>
  </li>
`;
