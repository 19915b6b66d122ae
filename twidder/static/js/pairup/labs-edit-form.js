/** One lab by its first and last time: what it will be stands below before it is added. */
import { Field, Form, Submit } from "../frame/field.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { plural } from "../lib/text.js";
import { clock } from "../lib/time.js";
import { asLocal, ownZone } from "./staff-fields.js";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** More would be a slip of the hand. */
const MOST_TIMES = 200;

export function AddLab({ id }) {
  const tomorrow = asLocal(Date.now() + DAY).slice(0, 10);
  const form = useForm({
    start: { name: "", day: tomorrow, from: "13:00", to: "15:00", minutes: "15", places: "1" },
    check,
    send: async (values) => {
      const times = timesOf(values);
      await post(`/pairup/rounds/${id}/labs`, { name: values.name.trim(), minutes: Number(values.minutes), times, places: Number(values.places) });
      form.set("name", "");
      say(`${values.name.trim()} with ${plural(times.length * Number(values.places), "place", "places")} is added`);
    },
  });
  return html`
    <${Form} form=${form}>
      <div class="form__pair">
        <${Field} form=${form} name="name" label="Lab" placeholder="SU17" autocomplete="off" />
        <${Field} form=${form} name="day" label="Day" type="date" />
      </div>
      <div class="lab-times">
        <${Field} form=${form} name="from" label="From" type="time" />
        <${Field} form=${form} name="to" label="To" type="time" />
        <${Field} form=${form} name="minutes" label="Minutes each" inputmode="numeric" autocomplete="off" />
        <${Field} form=${form} name="places" label="At a time" inputmode="numeric" autocomplete="off" />
      </div>
      <${Preview} values=${form.values} />
      <${Submit} form=${form}>Add the lab<//>
    <//>
  `;
}

function Preview({ values }) {
  const times = timesOf(values);
  const places = Number(values.places) || 0;
  if (!times.length) return html`<p class="aside">No time fits between these two.</p>`;
  return html`
    <div class="lab-preview">
      <p class="aside" role="status">${plural(times.length * places, "place", "places")}, ${clock(times[0])} to ${clock(times.at(-1) + Number(values.minutes) * MINUTE)}, your time (${ownZone()})</p>
      <ul aria-hidden="true">${times.map((at) => html`<li key=${at}>${clock(at)}</li>`)}</ul>
    </div>
  `;
}

function check(values) {
  if (!values.name.trim()) return { name: "Write its name." };
  if (!(Number(values.minutes) > 0)) return { minutes: "A number of minutes." };
  if (!(Number(values.places) > 0)) return { places: "One at least." };
  if (!timesOf(values).length) return { to: "Later than from." };
  return {};
}

/** ms of each place that ends by `to`. */
function timesOf({ day, from, to, minutes }) {
  const [start, end] = [from, to].map((time) => new Date(`${day}T${time}`).getTime());
  const step = Number(minutes) * MINUTE;
  if (!(step > 0) || !(end > start)) return [];
  return Array.from({ length: Math.min(MOST_TIMES, Math.floor((end - start) / step)) }, (_, index) => start + index * step);
}
