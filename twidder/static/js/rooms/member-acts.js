/** What a moderator may do about somebody, behind one button. What is done can be taken back from the line at the foot. */
import { Icon } from "../frame/icon.js";
import { say } from "../frame/toast.js";
import { patch, put, remove } from "../lib/http.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";
import { Popup } from "./popup.js";

const HOUR = 60;

export function MemberActs({ one, member, changed }) {
  const acts = actsOn(one, member);
  const label = `What to do about ${fullName(member.user)}`;
  const run = async ({ act, done, undo }) => {
    try {
      await act();
      say(done, undo && { label: "Undo", run: () => undo().then(changed, (problem) => say(problem.message)) });
    } catch (problem) {
      say(problem.message);
    }
    changed();
  };
  const button = ({ open, toggle }) => html`
    <button class="icon-button" type="button" aria-haspopup="menu" aria-expanded=${open} aria-label=${label} onClick=${toggle}><${Icon} name="ellipsis" size=${16} /></button>
  `;
  const items = (close) => acts.map((act) => html`
    <button key=${act.words} class="menu__item" type="button" role="menuitem" tabindex="-1" onClick=${() => (close(), run(act))}>${act.words}</button>
  `);
  return html`<${Popup} button=${button} label=${label} role="menu">${items}<//>`;
}

function actsOn({ id }, { user: person, role, state, muted_until: mutedUntil }) {
  const name = person.firstname;
  const [member, ban, guest] = [`/rooms/${id}/members/${person.id}`, `/rooms/${id}/bans/${person.id}`, `/rooms/${id}/guests/${person.id}`];
  const mute = () => patch(member, { muted_minutes: HOUR });
  const unmute = () => patch(member, { muted_minutes: 0 });
  const rank = (to) => () => patch(member, { role: to });
  const isIn = state === "in";
  return [
    isIn && !person.guest && role === "member" && { words: "Make moderator", act: rank("moderator"), done: `${name} is a moderator now`, undo: rank("member") },
    isIn && role === "moderator" && { words: "Make member", act: rank("member"), done: `${name} is a member now`, undo: rank("moderator") },
    isIn && !person.guest && role !== "owner" && { words: "Make owner", act: rank("owner"), done: `${name} is an owner now` },
    isIn && (mutedUntil > Date.now()
      ? { words: "Unmute", act: unmute, done: `${name} may write again` }
      : { words: "Mute for an hour", act: mute, done: `${name} is muted for an hour`, undo: unmute }),
    person.guest && { words: "Put out", act: () => remove(guest), done: `${name} was put out` },
    state === "invited" && { words: "Withdraw the invitation", act: () => remove(member), done: `${name} is not invited any more`, undo: () => put(member, {}) },
    !person.guest && isIn && { words: "Remove", act: () => remove(member), done: `${name} was removed`, undo: () => put(member, {}) },
    !person.guest && { words: "Ban", act: () => put(ban, {}), done: `${name} is banned`, undo: () => remove(ban) },
  ].filter(Boolean);
}
