/** The labs: their places at their times, one added by a short form, many by a table. */
import { useState } from "preact/hooks";
import { Dialog, open } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { Section } from "../frame/section.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { patch, put, remove } from "../lib/http.js";
import { number, plural } from "../lib/text.js";
import { clock, full } from "../lib/time.js";
import { longDay } from "./clock.js";
import { AddLab } from "./labs-edit-form.js";
import { CsvField } from "./staff-csv.js";
import { RowMenu } from "./staff-menu.js";
import { openWorse } from "./staff-sure.js";

const EXAMPLE = "lab;time;minutes;places\nSU17;2027-05-20 13:00;15;1\nSU17;2027-05-20 13:15;15;1";

export const LabsPart = ({ model }) => html`
  ${model.labs.value.map((lab) => html`<${LabCard} key=${lab.id} lab=${lab} model=${model} />`)}
  <${Adding} model=${model} />
`;

function Adding({ model }) {
  const [byTable, setByTable] = useState(false);
  const { id, zone } = model.round.value;
  return html`
    <${Section} id="add-lab" title="Add a lab" text="A lab is a sitting: a room, a day, and places that each have their own time.">
      ${byTable ? html`<${LabsTable} id=${id} zone=${zone} />` : html`<${AddLab} id=${id} />`}
      <button class="text-button staff__other" type="button" onClick=${() => setByTable(!byTable)}>${byTable ? "By a form instead" : "By a table (CSV) instead"}</button>
    <//>
  `;
}

function LabsTable({ id, zone }) {
  const path = `/pairup/rounds/${id}/labs`;
  const send = async (csv) => {
    const { labs, places } = await put(path, { csv });
    say(`${plural(labs, "lab", "labs")} and ${plural(places, "place", "places")} added`);
  };
  return html`
    <${CsvField}
      label="Labs and times" example=${EXAMPLE} check=${(csv) => put(`${path}?check=true`, { csv })} words=${inWords} send=${send}
      button=${(answer) => (answer?.places ? `Add ${plural(answer.places, "place", "places")}` : "Add them")}
      hint=${`The first line names the columns: lab, time; minutes and places if you like. Times are those of ${zone}. What is there already stays.`}
    />
  `;
}

function inWords({ labs, places, same }) {
  const parts = [labs && `${number(labs)} new ${labs === 1 ? "lab" : "labs"}`, `${number(places)} new ${places === 1 ? "place" : "places"}`, same && `${number(same)} there already`];
  return parts.filter(Boolean).join(", ");
}

function LabCard({ lab, model }) {
  const seats = [...model.places.value.values()].filter((place) => place.lab === lab.id).sort((a, b) => a.starts_at - b.starts_at || a.id - b.id);
  const free = seats.filter(({ state }) => state === "free").length;
  const drop = () => remove(`/pairup/labs/${lab.id}`).then(() => say(`${lab.name} is deleted`), (problem) => say(problem.message));
  const sure = () => openWorse({ title: `Delete ${lab.name}?`, text: "With all its places. None of them is taken.", act: "Delete", run: drop });
  const items = [["pencil", "Change", () => open(ChangeLab, { lab })], ["trash", "Delete the lab", sure, true]];
  return html`
    <section class="card section lab-edit">
      <div class="lab-edit__head">
        <div><h2><bdi>${lab.name}</bdi></h2><p class="aside">${free} of ${plural(seats.length, "place", "places")} free · ${lab.minutes} min each${lab.waiting ? ` · ${lab.waiting} waiting` : ""}</p></div>
        <${RowMenu} label="What to do with ${lab.name}" items=${items} />
      </div>
      ${daysOf(seats).map(([day, places]) => html`
        <div key=${day}>
          <h3 class="lab-edit__day">${day}</h3>
          <ul class="lab-edit__places">${places.map((place) => html`<${PlaceChip} key=${place.id} place=${place} />`)}</ul>
        </div>
      `)}
    </section>
  `;
}

const daysOf = (seats) => [...Map.groupBy(seats, ({ starts_at: at }) => longDay(at))];

const STATES = { free: "free", held: "held", taken: "taken", kept: "kept back" };

function PlaceChip({ place }) {
  const { id, starts_at: at, state } = place;
  const tell = (problem) => say(problem.message);
  const keep = (kept) => put(`/pairup/places/${id}/kept`, { kept }).catch(tell);
  const items = [
    state === "free" && ["lock", "Keep it back", () => keep(true)],
    state === "kept" && ["check", "Give it free", () => keep(false)],
    (state === "free" || state === "kept") && ["trash", "Delete the place", () => remove(`/pairup/places/${id}`).catch(tell), true],
  ].filter(Boolean);
  return html`
    <li class="place-chip" data-state=${state}>
      <span title=${full(at)}><strong>${clock(at)}</strong><span>${place.team ? html`<bdi>${place.team.label}</bdi>` : STATES[state]}</span></span>
      ${items.length > 0 && html`<${RowMenu} label="What to do with ${clock(at)}" items=${items} />`}
    </li>
  `;
}

function ChangeLab({ lab, close }) {
  const form = useForm({
    start: { name: lab.name, minutes: String(lab.minutes) },
    check: ({ name, minutes }) => ({ ...(!name.trim() && { name: "Write a name." }), ...(!(Number(minutes) > 0) && { minutes: "Minutes, as a number." }) }),
    send: async ({ name, minutes }) => {
      await patch(`/pairup/labs/${lab.id}`, { name: name.trim(), minutes: Number(minutes) });
      close();
    },
  });
  return html`
    <${Dialog} title="Change ${lab.name}">
      <${Form} form=${form}>
        <${Field} form=${form} name="name" label="Name" autocomplete="off" />
        <${Field} form=${form} name="minutes" label="Minutes for each place" inputmode="numeric" autocomplete="off" />
        <${Submit} form=${form}>Save<//>
      <//>
    <//>
  `;
}
