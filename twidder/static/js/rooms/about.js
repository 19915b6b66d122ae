/** Beside the conversation: what the room is, who belongs to it, what I hear of it, and what its moderators may do. */
import { user } from "../accounts/session.js";
import { Icon } from "../frame/icon.js";
import { say } from "../frame/toast.js";
import { patch, remove } from "../lib/http.js";
import { html } from "../lib/html.js";
import { go } from "../lib/router.js";
import { plural } from "../lib/text.js";
import { openMembers } from "./members.js";
import { Knocks } from "./knocks.js";
import { openModeration } from "./moderate.js";
import { nameOf } from "./names.js";
import { isModerator } from "./rights.js";
import { shelved } from "./shelf.js";

const LEVELS = [
  ["all", "All messages"],
  ["mentions", "Mentions only"],
  ["nothing", "Nothing"],
];
const KIND_WORDS = { open: "Open room", members: "Members only", walkin: "Walk-in room" };

/** Nothing for a guest, or for whoever only looks in. */
export function About({ id }) {
  const one = shelved(id);
  if (!one?.isIn.value) return null;
  const [room, mine] = [one.room.value, one.mine.value];
  const isDirect = one.isDirect.value;
  const isPair = isDirect && room.people.length === 1;
  return html`
    <section class="about" aria-label="About">
      ${isModerator(one) && room.kind === "walkin" && html`<${Knocks} room=${room} />`}
      <h2 class="context__title">About</h2>
      ${!isDirect && html`<p class="about__text">${room.description || html`<span class="aside">No description.</span>`}</p>`}
      ${!isDirect && html`<p class="aside">${KIND_WORDS[room.kind]}${room.archived && ", archived"}${room.slow_seconds ? `, slow: a message each ${room.slow_seconds} s` : ""}</p>`}
      <div class="about__acts">
        ${isPair
          ? html`<a class="button" href="/people/${room.people[0].id}"><${Icon} name="user" size=${16} /><span><bdi>${room.people[0].firstname}</bdi>’s page</span></a>`
          : html`<button class="button" type="button" onClick=${() => openMembers(id)}><${Icon} name="users" size=${16} />${isDirect ? "People" : plural(room.members, "member", "members")}</button>`}
        ${!isDirect && isModerator(one) && html`<button class="button" type="button" onClick=${() => openModeration(id)}><${Icon} name="settings" size=${16} />Manage</button>`}
      </div>
      <label class="about__level">
        <span><${Icon} name=${mine.level === "nothing" ? "bell-off" : "bell"} size=${16} />Tell me about</span>
        <select value=${mine.level} onChange=${({ target }) => setLevel(one, target.value)}>
          ${LEVELS.map(([value, words]) => html`<option key=${value} value=${value}>${words}</option>`)}
        </select>
      </label>
      <button class="text-button about__leave" type="button" onClick=${() => leave(one)}>${isDirect ? "Leave this conversation" : "Leave room"}</button>
    </section>
  `;
}

function setLevel(one, level) {
  const before = one.mine.value.level;
  one.amend({ level });
  patch(`/rooms/${one.id}/mine`, { level }).catch((problem) => {
    one.amend({ level: before });
    say(`Not changed. ${problem.message}`);
  });
}

async function leave(one) {
  try {
    await remove(`/rooms/${one.id}/members/${user.value.id}`);
    go("/rooms");
    say(`You left ${nameOf(one.room.value)}`);
  } catch (problem) {
    say(problem.message);
  }
}
