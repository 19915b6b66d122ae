/** A room or a direct conversation: what was said, what is being said, and who is here. */
import { useEffect, useState } from "preact/hooks";
import { guestRoom } from "../accounts/session.js";
import { RoomBoards } from "../boards/in-room.js";
import { Icon } from "../frame/icon.js";
import { Page } from "../frame/page.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { html } from "../lib/html.js";
import { go, place } from "../lib/router.js";
import { number } from "../lib/text.js";
import { live } from "../live/socket.js";
import { About } from "./about.js";
import { useDropped } from "./dropped.js";
import { Foot, typing } from "./foot.js";
import { Here } from "./here.js";
import { Messages } from "./messages.js";
import { iconOf, pathOf } from "./names.js";
import { Room } from "./room.js";

/** The message that the address names. */
const linked = () => Number(place.value.query.get("message")) || null;

export function RoomView({ id }) {
  const [room] = useState(() => new Room(id, linked() ? { around: linked() } : undefined));
  useEffect(() => () => room.close(), []);
  useLinked(room);
  useRecovery(room);
  useOwnAddress(room);
  const { view } = place.value;
  if (room.problem.value || room.lost.value || !room.room.value) return html`<${Unready} room=${room} view=${view} />`;
  const { description, kind } = room.room.value;
  return html`
    <${Page}
      view=${view} title=${room.name} lead=${html`<${Icon} name=${iconOf(room.room.value)} />`} note=${description} status=${statusOf(room)}
      back=${guestRoom.value ? undefined : "/rooms"} actions=${html`<${Search} room=${room} />`} fill
      context=${html`<${Here} room=${room} /><${RoomBoards} room=${room} /><${About} id=${id} />`} contextLabel=${hereLabel(room, kind)}
    >
      <${Conversation} room=${room} />
    <//>
  `;
}

function Conversation({ room }) {
  const [dragged, handlers] = useDropped(room);
  return html`
    <div class="conversation" ...${handlers} data-dragged=${dragged}>
      ${room.pages.items.value ? html`<${Messages} room=${room} />` : html`<div class="conversation__waiting"><${Skeleton} rows=${4} /></div>`}
      <${Foot} room=${room} />
    </div>
  `;
}

const hereLabel = (room, kind) => (room.presence.value?.count > 1 && kind !== "dm" ? `${room.presence.value.count} here` : "About");

/** "24 here · Walter is typing" */
function statusOf(room) {
  const count = room.presence.value?.count;
  const isDirect = room.room.value.kind === "dm";
  const here = count > 1 && (isDirect ? "Here now" : `${number(count)} here`);
  return [here || (isDirect ? "" : "Only you here"), typing(room.typists.people.value)].filter(Boolean).join(" · ");
}

const Search = ({ room }) => !guestRoom.value && html`
  <a class="button button--pill bar__search" href="/search?in=${room.id}" aria-label="Search in this room"><${Icon} name="search" size=${16} /><span>Search</span></a>
`;

const GONE = {
  removed: "You were removed from this room.",
  banned: "You can no longer enter this room.",
  left: "You left this room.",
};

function Unready({ room, view }) {
  const [problem, lost] = [room.problem.value, room.lost.value];
  return html`
    <${Page} view=${view} title=${room.room.value ? room.name : "Room"} back="/rooms" context=${problem || lost ? undefined : null}>
      ${!problem && !lost && html`<${Skeleton} rows=${4} />`}
      ${(lost || problem?.status === 404) && html`<${Gone} why=${GONE[lost] ?? "This room is not there, or not for you."} />`}
      ${problem && problem.status !== 404 && html`<${Trouble} problem=${problem} again=${() => room.open()} />`}
    <//>
  `;
}

const Gone = ({ why }) => html`<${Empty} action=${!guestRoom.value && html`<a class="button" href="/rooms">See the rooms</a>`}>${why}<//>`;

/** Another message of the room that is already shown. */
function useLinked(room) {
  const id = linked();
  const hash = place.value;
  useEffect(() => {
    if (id && room.pages.items.value) room.show(id).catch(() => room.showNewest());
  }, [hash]);
}

/** A conversation that was looked for among the rooms, or the other way round. */
function useOwnAddress(room) {
  const path = room.room.value && pathOf(room.room.value);
  useEffect(() => {
    if (path && path !== place.value.path && !guestRoom.value) go(path + window.location.search, { replace: true });
  }, [path]);
}

/** What could not be loaded for want of a connection is loaded when it is back. */
function useRecovery(room) {
  const isLive = live.state.value === "live";
  useEffect(() => {
    if (isLive && room.problem.value?.unreachable) room.open();
  }, [isLive]);
}
