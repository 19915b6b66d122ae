/** Staff give a team another place, or none. Also when the round is closed. */
import { Dialog, open } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { put } from "../lib/http.js";
import { moment } from "./clock.js";

export const openMove = (what) => open(Move, what);

function Move({ team, name, model, side, close }) {
  const free = [...model.places.value.values()].filter(({ state }) => state === "free" || state === "kept").sort((a, b) => a.starts_at - b.starts_at || a.id - b.id);
  const form = useForm({
    start: { place: "" },
    check: ({ place }) => (place ? {} : { place: "Choose one." }),
    send: async ({ place }) => {
      await put(`/pairup/teams/${team.id}/place`, { place: place === "none" ? null : Number(place) });
      close();
      side.load();
      say(place === "none" ? `${name} are without a place. They are told.` : `${name} are moved. They are told.`);
    },
  });
  return html`
    <${Dialog} title="Move ${name}">
      <${Form} form=${form}>
        <${Field} form=${form} name="place" label="To" hint="Their old place goes to the next who wait for it.">
          <option value="">Choose a place</option>
          ${model.labs.value.map((lab) => html`<${LabOptions} key=${lab.id} lab=${lab} places=${free.filter((place) => place.lab === lab.id)} />`)}
          ${team.place && html`<option value="none">No place</option>`}
        <//>
        <${Submit} form=${form}>Move<//>
      <//>
    <//>
  `;
}

function LabOptions({ lab, places }) {
  if (!places.length) return null;
  return html`<optgroup label=${lab.name}>${places.map(({ id, starts_at: at, state }) => html`<option key=${id} value=${id}>${moment(at)}${state === "kept" ? " (kept back)" : ""}</option>`)}</optgroup>`;
}
