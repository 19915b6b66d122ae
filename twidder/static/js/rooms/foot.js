/** Under the conversation: who is typing, and the composer, or why there is none. */
import { useEffect, useState } from "preact/hooks";
import { guestRoom } from "../accounts/session.js";
import { Icon } from "../frame/icon.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { go } from "../lib/router.js";
import { plural } from "../lib/text.js";
import { since } from "../lib/time.js";
import { Composer } from "./composer.js";

export const Foot = ({ room }) => html`
  <div class="conversation__foot">
    <${Missed} room=${room} />
    <${Typing} people=${room.typists.people.value} />
    <${Desk} room=${room} />
  </div>
`;

/** Down to the newest: how much came meanwhile. */
function Missed({ room }) {
  const count = room.reading.missed.value;
  const away = room.away.value;
  return html`
    <div class="missed" role="status">
      ${(count > 0 || away) &&
      html`<button class="news-pill missed__pill ${count ? "" : "missed__pill--quiet"}" type="button" onClick=${() => room.showNewest()}>
        <${Icon} name="arrow-down" size=${16} />${count ? plural(count, "new message", "new messages") : "Newest"}
      </button>`}
    </div>
  `;
}

/** Of fixed height: nothing moves when somebody begins. */
const Typing = ({ people }) => html`<p class="typing" aria-live="off">${people.length > 0 && html`<span class="typing__dots" aria-hidden="true"><i></i><i></i><i></i></span><bdi>${typing(people)}</bdi>`}</p>`;

/** In words; nothing when nobody is. */
export function typing(people) {
  const names = people.map(({ firstname }) => firstname);
  if (!names.length) return "";
  if (names.length === 1) return `${names[0]} is typing`;
  if (names.length === 2) return `${names[0]} and ${names[1]} are typing`;
  return "Several people are typing";
}

function Desk({ room }) {
  const mutedUntil = room.mine.value?.muted_until ?? 0;
  useAgainAt(mutedUntil);
  if (room.room.value.archived) return html`<${Bar}>This room is archived. It can be read, but not written in.<//>`;
  if (room.mine.value?.state === "invited") return html`<${Invited} room=${room} />`;
  if (room.mine.value?.state === "knocking") return html`<${Bar}>You wait to be let in.<//>`;
  if (!room.isIn.value) return html`<${NotIn} room=${room} />`;
  if (mutedUntil > Date.now()) return html`<${Bar}>A moderator has muted you until ${since(mutedUntil)}. You can read along.<//>`;
  return html`<${Composer} room=${room} />`;
}

const Bar = ({ children }) => html`<div class="desk-bar"><p>${children}</p></div>`;

function NotIn({ room }) {
  const [busy, join] = useJoin(room);
  if (guestRoom.value) return html`<${Bar}>You can read along.<//>`;
  return html`
    <div class="desk-bar">
      <p>You are looking in. Join to write here.</p>
      <button class="button button--primary button--pill" type="button" aria-disabled=${busy} onClick=${join}>Join room</button>
    </div>
  `;
}

function Invited({ room }) {
  const [busy, join] = useJoin(room);
  const decline = () => room.decline().then(() => go("/rooms"), (problem) => say(problem.message));
  return html`
    <div class="desk-bar">
      <p>You are invited.</p>
      <button class="button button--pill" type="button" onClick=${decline}>Decline</button>
      <button class="button button--primary button--pill" type="button" aria-disabled=${busy} onClick=${join}>Join room</button>
    </div>
  `;
}

function useJoin(room) {
  const [busy, setBusy] = useState(false);
  const join = () => {
    if (busy) return;
    setBusy(true);
    room.join().catch((problem) => say(problem.message)).finally(() => setBusy(false));
  };
  return [busy, join];
}

/** Draws again when that time has come. */
function useAgainAt(time) {
  const [, again] = useState(0);
  useEffect(() => {
    const left = time - Date.now();
    if (left <= 0) return;
    const timer = setTimeout(() => again((count) => count + 1), Math.min(left + 50, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  }, [time]);
}
