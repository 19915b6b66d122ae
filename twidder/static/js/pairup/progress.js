/** How far the round is, and how many look at it. */
import { html } from "../lib/html.js";
import { number } from "../lib/text.js";

export function Progress({ round }) {
  const { students } = round.round.value;
  const paired = [...round.teams.value.values()].reduce((sum, { size }) => sum + size, 0);
  const isLive = round.isLive;
  return html`
    <section class="progress card" aria-label="Progress">
      <h2 class="beside__title">In a team</h2>
      <p class="progress__figure"><strong>${number(paired)}</strong> of ${number(students)}</p>
      <div class="progress__bar" role="progressbar" aria-label="Students in a team" aria-valuemin="0" aria-valuemax=${students} aria-valuenow=${paired}>
        <span style=${{ width: `${students ? Math.min(100, (100 * paired) / students) : 0}%` }}></span>
      </div>
      <p class="progress__live"><span class="dot ${isLive ? "dot--good" : "dot--warn"}"></span>${isLive ? ["live", round.watching.value && `${number(round.watching.value)} watching`].filter(Boolean).join(", ") : "not connected"}</p>
    </section>
  `;
}
