/** A few words to the members of a team. */
import { Dialog, open } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";

export const openMessage = (team, name) => open(Message, { team, name });

function Message({ team, name, close }) {
  const form = useForm({
    start: { text: "" },
    check: ({ text }) => (text.trim() ? {} : { text: "Write something." }),
    send: async ({ text }) => {
      await post(`/pairup/teams/${team.id}/messages`, { text: text.trim() });
      close();
      say(`Sent to ${name}`);
    },
  });
  return html`
    <${Dialog} title="Message ${name}">
      <${Form} form=${form}>
        <${Field} form=${form} name="text" label="Message" lines=${4} hint="Each member finds it in Pair-Up, under your name." />
        <${Submit} form=${form}>Send<//>
      <//>
    <//>
  `;
}
