/** A guest's whole page: the one room and its boards, a way to stay, a way out. While they knock, a calm place to wait. */
import { useEffect, useState } from "preact/hooks";
import { guestRoom, notice, signOut, user } from "../accounts/session.js";
import { BoardView } from "../boards/view.js";
import { Banner } from "../frame/banner.js";
import { open, Overlays } from "../frame/dialog.js";
import { Skeleton } from "../frame/states.js";
import { Tile } from "../frame/tile.js";
import { say } from "../frame/toast.js";
import { announcement } from "../lib/announce.js";
import { get } from "../lib/http.js";
import { html } from "../lib/html.js";
import { place } from "../lib/router.js";
import { fullName } from "../lib/text.js";
import { live } from "../live/socket.js";
import { RoomView } from "../rooms/view.js";
import { Porch } from "./door.js";
import { StayOn } from "./stay.js";

const leave = () =>
  signOut().then(() => (notice.value = { kind: "left", guest: true }), (problem) => say(`You are still in. ${problem.message}`));

export function GuestFrame() {
  const state = useDoor(guestRoom.value);
  return html`
    ${state === "waiting" ? html`<${Waiting} />` : html`<${Inside} ready=${state === "in"} />`}
    <${Overlays} />
    <div class="visually-hidden" aria-live="polite"><p key=${announcement.value.number}>${announcement.value.text}</p></div>
  `;
}

const Inside = ({ ready }) => html`
  <a class="skip" href="#content">Skip to content</a>
  <div class="frame frame--guest">
    <header class="guest-bar">
      <div class="brand"><${Tile} /><span><bdi>${fullName(user.value)}</bdi> <span class="aside">guest</span></span></div>
      ${place.value.view === "board" && html`<a class="button" href="/rooms/${guestRoom.value}">To the room</a>`}
      <button class="button button--primary" type="button" onClick=${() => open(StayOn)}>Make an account<span class="guest-bar__why"> to keep this</span></button>
      <button class="button" type="button" onClick=${leave}>Leave</button>
    </header>
    <${Banner} />
    ${ready ? html`<${Content} ...${place.value} />` : html`<main id="content" class="page"><div class="page__content"><${Skeleton} rows=${3} /></div></main>`}
  </div>
`;

const Content = ({ view, id }) =>
  view === "board" ? html`<${BoardView} key=${id} id=${id} />` : html`<${RoomView} key=${guestRoom.value} id=${guestRoom.value} />`;

const Waiting = () => html`
  <${Porch} title="Knocking">
    <div class="waiting" role="status">
      <span class="waiting__dot" aria-hidden="true"></span>
      <h2>You knocked.</h2>
      <p class="aside">The host will let you in. This page opens by itself.</p>
    </div>
    <button class="button button--wide" type="button" onClick=${leave}>Leave</button>
  <//>
`;

/** "asking" | "waiting" (knocking) | "in". Opened by the host's word on my own topic. */
function useDoor(id) {
  const [state, setState] = useState("asking");
  const ask = () => get(`/rooms/${id}`).then(({ mine }) => setState(mine?.state === "knocking" ? "waiting" : "in"), () => {});
  useEffect(() => {
    const position = { seq: null, epoch: null };
    const apply = ({ event }) => (event === "room.mine" || event === "room.added") && ask();
    const stop = live.topics.follow("me", { ...position, apply, reload: () => ask().then(() => position) });
    ask();
    return stop;
  }, [id]);
  const isLive = live.state.value === "live";
  useEffect(() => {
    if (isLive && state !== "in") ask();
  }, [isLive]);
  return state;
}
