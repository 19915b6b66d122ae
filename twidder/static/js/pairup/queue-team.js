/** My team in the queue: two large buttons; then how many are before us; then that it is our turn. */
import { useEffect, useState } from "preact/hooks";
import { urgent } from "../frame/title.js";
import { say } from "../frame/toast.js";
import { announce } from "../lib/announce.js";
import { html } from "../lib/html.js";
import { put, remove } from "../lib/http.js";
import { KINDS, turnWords, waitingIn, waitWords } from "./queue-line.js";

export function TeamQueue({ model }) {
  const { id } = model.round.value;
  const team = model.mine.value.team;
  const call = team ? [...model.calls.value.values()].find((one) => one.team.id === team.id) : null;
  const leave = () => remove(`/pairup/rounds/${id}/call`).catch((problem) => say(problem.message));
  if (!team) return html`<section class="card section"><h2>The queue at the lab</h2><p class="aside">It is for teams. Find a partner first.</p></section>`;
  if (!call) return html`<${Asking} model=${model} />`;
  if (call.called_at !== null) return html`<${YourTurn} model=${model} call=${call} />`;
  return html`<${Waiting} model=${model} call=${call} leave=${leave} />`;
}

const labOf = (model, id) => model.labs.value.find((lab) => lab.id === id);

/** In the lab where our place is, unless we are in another one. */
function Asking({ model }) {
  const own = model.place.value?.lab ?? null;
  const [chosen, choose] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const lab = chosen ?? own ?? model.labs.value[0].id;
  const ask = async (kind) => {
    if (isBusy) return;
    setBusy(true);
    await put(`/pairup/rounds/${model.round.value.id}/call`, { kind, lab }).catch((problem) => say(problem.message));
    setBusy(false);
  };
  return html`
    <section class="card section queue__ask" aria-busy=${isBusy}>
      <h2>The queue at the lab</h2>
      <p class="aside">Say it here, stay where you are. You are called when it is your turn.</p>
      <div class="queue__buttons">
        ${Object.entries(KINDS).map(([kind, words]) => html`<button key=${kind} class="queue__button" type="button" data-kind=${kind} onClick=${() => ask(kind)}>${words}</button>`)}
      </div>
      <label class="queue__lab">We are in
        <select value=${lab} onChange=${({ target }) => choose(Number(target.value))}>
          ${model.labs.value.map(({ id, name }) => html`<option key=${id} value=${id}>${name}</option>`)}
        </select>
      </label>
    </section>
  `;
}

function Waiting({ model, call, leave }) {
  const waiting = waitingIn(model.calls.value, call.lab);
  const before = waiting.findIndex(({ id }) => id === call.id);
  const place = turnWords(before + 1);
  useEffect(() => announce(`You are ${place}`), [place]);
  return html`
    <section class="card section queue__wait">
      <h2>${KINDS[call.kind]} · <bdi>${labOf(model, call.lab)?.name}</bdi></h2>
      <p class="queue__place">You are <strong>${place}</strong></p>
      <p class="aside">${waitWords(before, model.seconds.value[call.lab])}${call.misses ? " · You were called and not there, so the next one went first." : ""}</p>
      <div class="about__acts">
        <${OtherKind} model=${model} call=${call} />
        <button class="button" type="button" onClick=${leave}>Leave the queue</button>
      </div>
    </section>
  `;
}

/** Keeps the turn. */
function OtherKind({ model, call }) {
  const kind = call.kind === "help" ? "ready" : "help";
  const change = () => put(`/pairup/rounds/${model.round.value.id}/call`, { kind, lab: call.lab }).catch((problem) => say(problem.message));
  return html`<button class="button" type="button" onClick=${change}>${kind === "help" ? "We need help instead" : "We are ready instead"}</button>`;
}

function YourTurn({ model, call }) {
  const lab = labOf(model, call.lab)?.name ?? "";
  useEffect(() => {
    urgent.value = `It is your turn — ${lab}`;
    navigator.vibrate?.([200, 100, 200]);
    return () => (urgent.value = "");
  }, [call.called_at]);
  return html`
    <section class="queue__turn" role="alert">
      <p class="queue__now">It is your turn — <bdi>${lab}</bdi></p>
      <p>${call.kind === "help" ? "Somebody comes to you." : "Show what you have made."}</p>
    </section>
  `;
}
