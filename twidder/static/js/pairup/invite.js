/** Asking somebody to be in a team with me, with a word of one's own. */
import { Dialog, open } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { length } from "../lib/text.js";

/** As `limits.about_length`. */
const TEXT = 280;
const tooLong = (text) => length(text.trim()) > TEXT && { text: `At most ${TEXT} characters.` };

export const openInvite = (round, person) => open(Invite, { round, person });
export const openInviteByNumber = (round) => open(ByNumber, { round });

function Invite({ round, person, close }) {
  const form = useForm({
    start: { text: "" },
    check: ({ text }) => ({ ...tooLong(text) }),
    send: ({ text }) => post(`/pairup/entries/${person.entry}/invitations`, { text: text.trim() }).then((one) => sent(round, one, close)),
  });
  return html`
    <${Dialog} title="Invite ${person.name}">
      <${Form} form=${form}>
        <${Field} form=${form} name="text" label="A word to them" hint="If they accept, you are a team." autocomplete="off" />
        <${Submit} form=${form}>Invite<//>
      <//>
    <//>
  `;
}

function ByNumber({ round, close }) {
  const form = useForm({
    start: { number: "", text: "" },
    check: ({ number, text }) => ({ ...(!number.trim() && { number: "Write their student number." }), ...tooLong(text) }),
    send: ({ number, text }) => post(`/pairup/rounds/${round.id}/invitations`, { number: number.trim(), text: text.trim() }).then((one) => sent(round, one, close)),
  });
  return html`
    <${Dialog} title="Invite by student number">
      <${Form} form=${form}>
        <${Field} form=${form} name="number" label="Student number" autocomplete="off" autocapitalize="none" spellcheck=${false} />
        <${Field} form=${form} name="text" label="A word to them" hint="If they accept, you are a team." autocomplete="off" />
        <${Submit} form=${form}>Invite<//>
      <//>
    <//>
  `;
}

function sent(round, { receiver }, close) {
  close();
  say(`${receiver.name} is invited`);
  round.askMine();
}
