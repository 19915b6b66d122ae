/** What can be done with a message, while one points at it or has it in focus. */
import { memberId, user } from "../accounts/session.js";
import { Icon } from "../frame/icon.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { patch } from "../lib/http.js";
import { report } from "../moderation/report.js";
import { openHistory } from "./history.js";
import { pathOf } from "./names.js";
import { AddReaction } from "./picker.js";
import { Popup } from "./popup.js";
import { react } from "./reactions.js";

export const Toolbar = ({ room, message, hold }) => html`
  <div class="toolbar" role="toolbar" aria-label="Message">
    ${room.canWrite.value &&
    html`
      <${AddReaction} choose=${(emoji) => react(room, message, emoji)} opened=${hold} />
      <button class="icon-button" type="button" aria-label="Reply" title="Reply" onClick=${() => (room.mode.value = { reply: message })}><${Icon} name="reply" size=${16} /></button>
    `}
    <${Popup} label="More" role="menu" opened=${hold} button=${({ open, toggle }) => html`
      <button class="icon-button" type="button" aria-label="More" title="More" aria-haspopup="menu" aria-expanded=${open} onClick=${toggle}><${Icon} name="ellipsis" size=${16} /></button>
    `}>
      ${(close) => choices(room, message).map(([icon, words, act, danger]) => html`
        <button key=${words} class="menu__item" data-danger=${danger} role="menuitem" type="button" onClick=${() => {
          close();
          act();
        }}><${Icon} name=${icon} size=${16} />${words}</button>
      `)}
    <//>
  </div>
`;

/** [[icon, words, act, whether it takes something away], …] */
function choices(room, message) {
  const mine = message.author.id === user.value.id;
  const open = room.canWrite.value;
  return [
    open && mine && ["pencil", "Edit", () => (room.mode.value = { edit: message })],
    navigator.clipboard && message.text && ["copy", "Copy text", () => copy(message.text, "Text copied")],
    navigator.clipboard && ["link", "Copy link", () => copy(linkTo(room, message), "Link copied")],
    room.moderates.value && message.edited_at && ["history", "Edit history", () => openHistory(message)],
    !mine && memberId.value && ["flag", "Report", () => report({ message: message.id })],
    !mine && room.moderates.value && room.canWrite.value && ["volume-x", `Mute ${message.author.firstname} for an hour`, () => mute(room, message.author)],
    (mine || room.moderates.value) && !room.room.value.archived && ["trash", "Delete", () => remove(room, message), true],
  ].filter(Boolean);
}

const linkTo = (room, message) => `${window.location.origin}${pathOf(room.room.value)}?message=${message.id}`;

const copy = (text, done) => navigator.clipboard.writeText(text).then(() => say(done), () => say("The browser did not allow that."));

function mute(room, person) {
  const turn = (minutes) => patch(`/rooms/${room.id}/members/${person.id}`, { muted_minutes: minutes });
  const fail = (problem) => say(problem.message);
  turn(60).then(() => say(`${person.firstname} is muted for an hour`, { label: "Undo", run: () => turn(0).catch(fail) }), fail);
}

function remove(room, message) {
  const deleting = room.delete(message);
  deleting.catch((problem) => say(`That message is still there. ${problem.message}`));
  say("Message deleted", {
    label: "Undo",
    run: () => deleting.then(() => room.restore(message)).catch((problem) => say(problem.message)),
  });
}
