/** Everything about a round that staff can change, and its end. */
import { useState } from "preact/hooks";
import { Dialog, open } from "../frame/dialog.js";
import { Form, Submit } from "../frame/field.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { patch, remove } from "../lib/http.js";
import { go } from "../lib/router.js";
import { Basics, bodyOf, check, Rules, valuesOf } from "./staff-fields.js";

/** `round`: a Round; `hasTeams`: then what is seen of names stays as it is. */
export const openSettings = (round, hasTeams) => open(Settings, { round, hasTeams });

function Settings({ round, hasTeams, close }) {
  const before = bodyOf(valuesOf(round));
  const form = useForm({
    start: valuesOf(round),
    check,
    send: async (values) => {
      const changed = Object.entries(bodyOf(values)).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key]));
      if (changed.length) await patch(`/pairup/rounds/${round.id}`, Object.fromEntries(changed));
      close();
      say("Saved");
    },
  });
  return html`
    <${Dialog} title="Settings of the round">
      <${Form} form=${form}>
        <${Basics} form=${form} />
        <${Rules} form=${form} fixed=${hasTeams} />
        <${Submit} form=${form}>Save<//>
      <//>
      <${Deleting} round=${round} close=${close} />
    <//>
  `;
}

function Deleting({ round, close }) {
  const [isSure, setSure] = useState(false);
  const drop = () =>
    remove(`/pairup/rounds/${round.id}`).then(() => {
      close();
      go("/pairup");
      say(`${round.name} is deleted`);
    }, (problem) => say(`${round.name} is still there. ${problem.message}`));
  return html`
    <section class="part">
      <h3>Delete the round</h3>
      <p class="aside">With its roster, teams and places. Download the CSV first, if somebody may need it.</p>
      <button class="button" type="button" onClick=${() => (isSure ? drop() : setSure(true))}>${isSure ? "Delete it for good" : "Delete"}</button>
    </section>
  `;
}
