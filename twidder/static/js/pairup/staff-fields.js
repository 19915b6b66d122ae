/** What a round is made of, as fields: for a new one, and for its settings. */
import { Choices, Switch } from "../frame/choices.js";
import { Field } from "../frame/field.js";
import { html } from "../lib/html.js";

const SIZES = [1, 2, 3, 4];
const MODES = [
  ["fcfs", "First come, first served", "Whoever is quicker has the place. Everybody sees the seats change."],
  ["draw", "Draw", "Teams rank the places. At closing the fairest assignment is computed; anyone can check it."],
];
const NAMES = [
  ["everyone", "Names for everybody in the round", "“13:30 Ada & Bo”"],
  ["staff", "Names for staff alone", "The others see “Team 12”."],
];

export const START = {
  name: "",
  description: "",
  mode: "fcfs",
  size_min: "2",
  size_max: "2",
  opens_at: "",
  closes_at: "",
  names: "everyone",
  confirm: true,
  alone: "",
  open_registration: false,
  is_default: false,
};

export const valuesOf = (round) => ({
  ...Object.fromEntries(Object.keys(START).map((key) => [key, round[key]])),
  size_min: String(round.size_min),
  size_max: String(round.size_max),
  opens_at: asLocal(round.opens_at),
  closes_at: asLocal(round.closes_at),
  alone: round.alone.join(", "),
});

export const bodyOf = (values) => ({
  ...values,
  name: values.name.trim(),
  description: values.description.trim(),
  size_min: Number(values.size_min),
  size_max: Number(values.size_max),
  opens_at: fromLocal(values.opens_at),
  closes_at: fromLocal(values.closes_at),
  alone: values.alone.split(",").map((cohort) => cohort.trim()).filter(Boolean),
});

export function check({ name, size_min: least, size_max: most, opens_at: opens, closes_at: closes }) {
  if (!name.trim()) return { name: "Write a name." };
  if (Number(most) < Number(least)) return { size_max: `At least ${least}, as the field before says.` };
  return opens && closes && closes <= opens ? { closes_at: "After the round opens." } : {};
}

export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

const two = (value) => String(value).padStart(2, "0");

/** ms ↔ what a field of type datetime-local holds, in the zone of this browser */
export function asLocal(at) {
  if (at === null) return "";
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

export const fromLocal = (text) => (text ? new Date(text).getTime() : null);

export const Basics = ({ form }) => html`
  <${Field} form=${form} name="name" label="Name" placeholder="Project demo" autocomplete="off" maxlength="64" autofocus />
  <${Choices} legend="How places are given" name="mode" options=${MODES} value=${form.values.mode} choose=${(mode) => form.set("mode", mode)} />
  ${form.errors.mode && html`<p class="field__error" role="alert">${form.errors.mode}</p>`}
  <div class="form__pair">
    <${Field} form=${form} name="size_min" label="Team size, from"><${Sizes} /><//>
    <${Field} form=${form} name="size_max" label="to"><${Sizes} /><//>
  </div>
  <div class="form__pair round-times">
    <${Field} form=${form} name="opens_at" label="Opens" type="datetime-local" hint="Empty: at once." />
    <${Field} form=${form} name="closes_at" label="Closes" type="datetime-local" hint=${`Your time, ${ownZone()}.`} />
  </div>
`;

const Sizes = () => SIZES.map((size) => html`<option key=${size} value=${size}>${size}</option>`);

/** `fixed`: what is seen of names cannot change any more. */
export const Rules = ({ form, fixed = false }) => html`
  <${Field} form=${form} name="description" label="What should students know?" hint="May stay empty." lines=${2} />
  ${fixed
    ? html`<p class="aside">${NAMES.find(([value]) => value === form.values.names)[1]}. This is fixed, now that there are teams.</p>`
    : html`<${Choices} legend="Who sees names" name="names" options=${NAMES} value=${form.values.names} choose=${(names) => form.set("names", names)} />`}
  ${form.errors.names && html`<p class="field__error" role="alert">${form.errors.names}</p>`}
  <${Field} form=${form} name="alone" label="Cohorts that may be alone" hint="With commas between. May stay empty." autocomplete="off" />
  <${Switch}
    title="A partner confirms the place" text="It is held for 90 seconds meanwhile. Otherwise one takes it for all."
    on=${form.values.confirm} turn=${(confirm) => form.set("confirm", confirm)}
  />
  <${Switch}
    title="The round of the course’s own clients" text="They know one round only. One at a time can be it."
    on=${form.values.is_default} turn=${(isDefault) => form.set("is_default", isDefault)}
  />
  ${form.errors.is_default && html`<p class="field__error" role="alert">${form.errors.is_default}</p>`}
  ${form.values.is_default && html`<${Switch}
    title="They may add students by number alone" text="Without a code: anybody who knows a number can be that student."
    on=${form.values.open_registration} turn=${(open) => form.set("open_registration", open)}
  />`}
`;
