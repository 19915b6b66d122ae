/** Why one is signed out, when there is something to say. */
import { html } from "../lib/html.js";
import { dayAndClock } from "../lib/time.js";
import { notice, wasNotMe } from "./session.js";

const WORDS = {
  signed_out: ["Signed out.", "You signed out in another tab."],
  expired: ["Signed out.", "It has been a long time. Sign in again."],
  password_reset: ["Your password was reset.", "Sign in with the new one."],
  password_chosen: ["Your new password is set.", "Sign in with it."],
  closed: ["This account is closed.", "Ask the owner of this place about it."],
  not_me: ["Sign in, then choose a new password.", "Signing in here ends the other browser’s session. Can’t sign in? Ask the owner for a link."],
};

export function Notice() {
  if (!notice.value) return null;
  const { kind, at, by } = notice.value;
  const replaced = kind === "replaced";
  const where = [by, at && dayAndClock(at)].filter(Boolean).join(", ");
  const [first, then] = replaced ? ["Signed in elsewhere.", where && `${where}.`] : WORDS[kind];
  return html`
    <div class="notice" role="status">
      <p><strong>${first}</strong> ${then}</p>
      ${replaced && html`<button class="text-button" type="button" onClick=${wasNotMe}>That wasn’t me</button>`}
    </div>
  `;
}
