/** The queues of all labs as staff work through them, on a phone in the lab as well. */
import { useState } from "preact/hooks";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { go, place } from "../lib/router.js";
import { plural } from "../lib/text.js";
import { ago, clock, full } from "../lib/time.js";
import { calledIn, KINDS, waitingIn } from "./queue-line.js";
import { useStaffSide } from "./staff-side.js";
import { nameOf } from "./staff-teams.js";

/** More labs than this are a list to choose from. */
const FEW = 8;

/** Which lab is looked at stands in the address: a reload on a phone comes back to it. */
export function StaffQueue({ model }) {
  const side = useStaffSide(model, { roster: false });
  const labs = model.labs.value;
  const asked = Number(place.value.query.get("lab"));
  const busiest = [...labs].sort((a, b) => linesOf(model, b) - linesOf(model, a))[0];
  const lab = labs.find(({ id }) => id === asked) ?? busiest;
  const path = (id) => `/pairup/${model.round.value.id}?tab=queue&lab=${id}`;
  return html`
    ${labs.length > FEW && html`<${Picker} model=${model} labs=${labs} lab=${lab} path=${path} />`}
    ${labs.length > 1 && labs.length <= FEW && html`<nav class="staff__parts" aria-label="Labs">
      ${labs.map(({ id, name }) => html`<a key=${id} class="staff__part" href=${path(id)} aria-current=${id === lab.id ? "page" : undefined}><bdi>${name}</bdi>${linesOf(model, { id }) > 0 && html` <span class="staff__count">${linesOf(model, { id })}</span>`}</a>`)}
    </nav>`}
    <${LabQueue} key=${lab.id} model=${model} lab=${lab} teams=${side.overview.value?.teams ?? []} />
  `;
}

/** The busy ones first. */
function Picker({ model, labs, lab, path }) {
  const sorted = [...labs].sort((a, b) => linesOf(model, b) - linesOf(model, a));
  const words = (one) => (linesOf(model, one) ? `${one.name} (${linesOf(model, one)} waiting)` : one.name);
  return html`
    <label class="queue__lab">Lab
      <select value=${lab.id} onChange=${({ target }) => go(path(target.value), { replace: true })}>${sorted.map((one) => html`<option key=${one.id} value=${one.id}>${words(one)}</option>`)}</select>
    </label>
  `;
}

const linesOf = (model, { id }) => waitingIn(model.calls.value, id).length;

function LabQueue({ model, lab, teams }) {
  const [isBusy, setBusy] = useState(false);
  const calls = model.calls.value;
  const [called, waiting] = [calledIn(calls, lab.id), waitingIn(calls, lab.id)];
  const next = async () => {
    if (isBusy) return;
    setBusy(true);
    await post(`/pairup/labs/${lab.id}/calls/next`).then((call) => call ?? say("Nobody waits any more."), (problem) => say(problem.message));
    setBusy(false);
  };
  return html`
    <section class="card section queue__lab-card">
      <div class="queue__head">
        <div><h2><bdi>${lab.name}</bdi></h2><p class="aside">${waiting.length ? `${plural(waiting.length, "team waits", "teams wait")}, ${takes(model.seconds.value[lab.id])} each` : "Nobody waits."}</p></div>
        <button class="button button--primary queue__next" type="button" disabled=${waiting.length === 0} data-busy=${isBusy} onClick=${next}>Call next</button>
      </div>
      ${called.length > 0 && html`<ul class="queue__called" aria-label="Called">${called.map((call) => html`<${Called} key=${call.id} call=${call} teams=${teams} />`)}</ul>`}
      ${waiting.length > 0 && html`<ol class="queue__line" aria-label="Waiting">${waiting.map((call) => html`<${Line} key=${call.id} call=${call} teams=${teams} />`)}</ol>`}
    </section>
  `;
}

const takes = (seconds) => `about ${Math.max(1, Math.round(seconds / 60))} min`;

/** Their names, whatever others see of them. */
function wordsOf(call, teams) {
  const team = teams.find(({ id }) => id === call.team.id);
  return { name: team ? nameOf(team) : call.team.label, title: team?.title };
}

function Called({ call, teams }) {
  const [isBusy, setBusy] = useState(false);
  const { name, title } = wordsOf(call, teams);
  const settle = (how) => {
    setBusy(true);
    post(`/pairup/calls/${call.id}/${how}`).catch((problem) => say(problem.message)).finally(() => setBusy(false));
  };
  return html`
    <li class="queue__one" aria-busy=${isBusy}>
      <div><strong><bdi>${name}</bdi></strong><p class="aside">${KINDS[call.kind]} · called at ${clock(call.called_at)}${title && html` · <bdi>${title}</bdi>`}</p></div>
      <div class="queue__acts">
        <button class="button button--primary" type="button" disabled=${isBusy} onClick=${() => settle("done")}>Done</button>
        <button class="button" type="button" disabled=${isBusy} onClick=${() => settle("missed")}>Not here</button>
      </div>
    </li>
  `;
}

function Line({ call, teams }) {
  const { name, title } = wordsOf(call, teams);
  return html`
    <li class="queue__one">
      <div><strong><bdi>${name}</bdi></strong><p class="aside">${KINDS[call.kind]} · <time title=${full(call.at)}>${ago(call.at)}</time>${call.misses > 0 && ` · missed ${plural(call.misses, "call", "calls")}`}${title && html` · <bdi>${title}</bdi>`}</p></div>
    </li>
  `;
}
