/** The draw of a round: before it one ranks the places, after it anyone can look at what came out and check it. */
import { isStaff } from "../accounts/roles.js";
import { html } from "../lib/html.js";
import { phaseWords } from "./clock.js";
import { Ranking } from "./draw-ranking.js";
import { Result } from "./draw-result.js";
import { DrawNow } from "./draw-staff.js";

/** `round`: the open round, as `openRound` gives it. */
export function DrawTab({ round: model }) {
  const { drawn_at: at } = model.round.value;
  if (at !== null) return html`<div class="draw"><${Result} key=${at} model=${model} /></div>`;
  return html`
    <div class="draw">
      <${How} model=${model} />
      ${model.mine.value && html`<${Ranking} model=${model} />`}
      ${isStaff() && html`<${DrawNow} model=${model} />`}
    </div>
  `;
}

const How = ({ model }) => html`
  <section class="card section">
    <h2>How it goes</h2>
    <p>${phaseWords(model.round.value)}. Every team ranks the places it would like. At closing, all teams together get the best that is possible: the least total of ranks. It does not matter who was quicker.</p>
    <p class="aside">
      Ties are decided by a secret whose fingerprint is fixed already and shown here. With the result the secret is published, so anyone can check that nobody chose it afterwards.
    </p>
    <code class="draw__hash" title="SHA-256 of the secret">${model.round.value.commitment}</code>
  </section>
`;
