/** A place that is held for my team: who holds it, who confirms it, and for how long. */
import { html } from "../lib/html.js";
import { clock } from "../lib/time.js";
import { confirmHold, giveBack } from "./acts.js";
import { countdown } from "./clock.js";
import { labelOthers } from "./mine.js";

export function HoldLine({ round }) {
  const hold = round.hold.value;
  return html`<div class="holds">${hold && html`<${Line} round=${round} hold=${hold} />`}</div>`;
}

function Line({ round, hold }) {
  const by = holderOf(round, hold);
  const at = clock(hold.starts_at);
  return html`
    <div class="hold">
      <p>${by ? html`<strong><bdi>${by.name}</bdi></strong> holds <strong>${at}</strong> for your team.` : html`You hold <strong>${at}</strong>. <bdi>${labelOthers(round)}</bdi> can confirm it.`}</p>
      <div class="hold__acts">
        ${by && html`<button class="button button--primary" type="button" onClick=${() => confirmHold(round, hold)}>Confirm <${Left} until=${hold.until} /></button>`}
        <button class="button" type="button" onClick=${() => giveBack(round, hold)}>${by ? "Decline" : html`Let it go <${Left} until=${hold.until} />`}</button>
      </div>
    </div>
  `;
}

/** Alone redrawn each second. Nobody wants to hear the seconds. */
export const Left = ({ until }) => html`<span class="hold__left" aria-hidden="true">${countdown(until)}</span>`;

/** The partner who took it; null where I did. */
function holderOf({ mine }, { id, fence }) {
  const told = mine.value.notices.find(({ kind, data }) => kind === "hold" && (data.place?.id ?? data.place) === id && data.fence === fence);
  return told && told.data.by.entry !== mine.value.entry.id ? told.data.by : null;
}
