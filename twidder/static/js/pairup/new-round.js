/** A new round: what it is called, how places are given, and when. The roster and the labs come after it. */
import { Dialog, open } from "../frame/dialog.js";
import { Form, Submit } from "../frame/field.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { go } from "../lib/router.js";
import { Basics, bodyOf, check, ownZone, Rules, START } from "./staff-fields.js";

/** Their errors must not stay behind a closed door. */
const IN_MORE = ["description", "names", "alone", "is_default", "open_registration", "confirm"];

export const openNewRound = () => open(NewRound);

function NewRound({ close }) {
  const form = useForm({
    start: START,
    check,
    send: async (values) => {
      const made = await post("/pairup/rounds", { ...bodyOf(values), zone: ownZone() });
      close();
      go(`/pairup/${made.id}?tab=staff`);
    },
  });
  return html`
    <${Dialog} title="New round">
      <${Form} form=${form}>
        <${Basics} form=${form} />
        <details class="tile-more" open=${IN_MORE.some((field) => form.errors[field])}>
          <summary>More</summary>
          <${Rules} form=${form} />
        </details>
        <${Submit} form=${form}>Create round<//>
      <//>
    <//>
  `;
}
