/** The ways through the house: a rail at the side, or a bar at the foot of a narrow window. */
import { useEffect, useRef } from "preact/hooks";
import { placeName } from "../accounts/community.js";
import { isStaff } from "../accounts/roles.js";
import { session, user } from "../accounts/session.js";
import { boards, known, pathOf } from "../boards/known.js";
import { openNewBoard } from "../boards/new.js";
import { openConversation } from "../direct/start.js";
import { unreadNotices } from "../inbox/inbox.js";
import { html } from "../lib/html.js";
import { place } from "../lib/router.js";
import { fullName } from "../lib/text.js";
import { since } from "../lib/time.js";
import { shortWords } from "../pairup/clock.js";
import { unseen } from "../pairup/news.js";
import { nextRound, pathOfPairup } from "../pairup/rounds.js";
import { openNewRoom } from "../rooms/new-room.js";
import { calls, conversations, invitations, rooms, shelf } from "../rooms/shelf.js";
import { unreadOn } from "../walls/unread.js";
import { Avatar } from "./avatar.js";
import { ConnectionState } from "./connection.js";
import { Icon } from "./icon.js";
import { RoomItem } from "./rail-room.js";
import { Tile } from "./tile.js";

/** More would push the rooms out of sight. */
const BOARDS = 8;

function Item({ view, href, icon, children, count, near = () => false }) {
  const here = place.value.view;
  const current = here === view ? "page" : near(here) ? "true" : undefined;
  return html`
    <a class="rail__item" href=${href} aria-current=${current}>
      <${Icon} name=${icon} /><span>${children}</span>
      ${count > 0 && html`<span class="pill" aria-label="${count} new">${count > 99 ? "99+" : count}</span>`}
    </a>
  `;
}

/** A long rail shows where one is. */
function useCurrentInSight() {
  const ways = useRef(null);
  const lines = [place.value.path, rooms.value.length, conversations.value.length, boards.value.length];
  useEffect(() => ways.current.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }), lines);
  return ways;
}

export function Rail() {
  const ways = useCurrentInSight();
  return html`
    <nav class="rail" aria-label="Main">
      <div class="brand"><${Tile} /><span title=${placeName()}>${placeName()}</span></div>
      <div class="rail__ways" ref=${ways}>
        <${Item} view="home" href="/home" icon="home" count=${unreadOn(user.value.id)}>Home<//>
        <${Item} view="inbox" href="/inbox" icon="at-sign" count=${unreadNotices.value}>Mentions<//>
        <${Item} view="following" href="/following" icon="rss">Following<//>
        <${Item} view="browse" href="/browse" icon="users">Browse<//>
        <${Item} view="search" href="/search" icon="search">Search<//>
        ${isStaff() && html`<${Item} view="moderation" href="/moderation" icon="shield">Moderation<//>`}
        ${user.value.role === "owner" && html`<${Item} view="settings" href="/settings" icon="settings">Settings<//>`}
        <${Rooms} />
        <${Direct} />
        <${Live} />
      </div>
      <${ConnectionState} />
      <a class="rail__me" href="/account" aria-current=${place.value.view === "account" ? "page" : undefined} aria-label="Account, ${fullName(user.value)}">
        <${Avatar} person=${user.value} />
        <span><strong>${fullName(user.value)}</strong><span>This browser, since ${since(session.value.since)}</span></span>
      </a>
    </nav>
  `;
}

const Group = ({ title, href, make, label, children }) => html`
  <section class="rail__group" aria-label=${title}>
    <header>
      <h2>${href ? html`<a href=${href}>${title}</a>` : title}</h2>
      <button class="icon-button" type="button" aria-label=${label} title=${label} onClick=${make}><${Icon} name="plus" size=${16} /></button>
    </header>
    ${children}
  </section>
`;

const Rooms = () => html`
  <${Group} title="Rooms" href="/rooms" make=${openNewRoom} label="New room">
    ${invitations.value.map((one) => html`<${RoomItem} key=${one.id} shelved=${one} />`)}
    ${rooms.value.map((one) => html`<${RoomItem} key=${one.id} shelved=${one} />`)}
    ${shelf.value && !rooms.value.length && html`<a class="rail__item rail__item--quiet" href="/rooms">Find a room to join</a>`}
  <//>
`;

const Direct = () => html`
  <${Group} title="Direct" make=${openConversation} label="New conversation">
    ${conversations.value.map((one) => html`<${RoomItem} key=${one.id} shelved=${one} />`)}
    ${shelf.value && !conversations.value.length && html`<button class="rail__item rail__item--quiet" type="button" onClick=${openConversation}>Write to somebody</button>`}
  <//>
`;

const Live = () => html`
  <${Group} title="Live" href="/boards" make=${() => openNewBoard()} label="New board">
    ${boards.value.slice(0, BOARDS).map(({ board }) => html`
      <a key=${board.id} class="rail__item" href=${pathOf(board)} aria-current=${place.value.path === pathOf(board) ? "page" : undefined}>
        <${Icon} name=${board.built_in ? "activity" : "layout-dashboard"} /><span><bdi>${board.name}</bdi></span>
      </a>
    `)}
    ${known.value && (boards.value.length > BOARDS || !boards.value.length) && html`<a class="rail__item rail__item--quiet" href="/boards">All boards</a>`}
    <${PairUp} />
  <//>
`;

function PairUp() {
  const path = pathOfPairup.value;
  const here = place.value;
  const words = nextRound.value ? shortWords(nextRound.value) : "";
  return html`
    <a class="rail__item rail__pairup" href=${path} aria-current=${here.path === path ? "page" : here.view === "round" || here.view === "pairup" ? "true" : undefined}>
      <${Icon} name="handshake" /><span>Pair-Up</span>
      ${unseen.value > 0 ? html`<span class="pill" aria-label="${unseen.value} new">${unseen.value}</span>` : words && html`<span class="rail__when">${words}</span>`}
    </a>
  `;
}

export const BottomBar = () => html`
  <nav class="bottom" aria-label="Main">
    <${Item} view="home" href="/home" icon="home" count=${unreadOn(user.value.id)}>Home<//>
    <${Item} view="rooms" href="/rooms" icon="hash" count=${calls.value} near=${(here) => here === "room" || here === "dm"}>Rooms<//>
    <${Item} view="inbox" href="/inbox" icon="at-sign" count=${unreadNotices.value}>Inbox<//>
    <${Item} view="boards" href="/boards" icon="layout-dashboard" near=${(here) => here === "board"}>Boards<//>
    <${Item} view="pairup" href=${pathOfPairup.value} icon="handshake" count=${unseen.value} near=${(here) => here === "round"}>Pair-Up<//>
  </nav>
`;
