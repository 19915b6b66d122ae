/** What came out of the draw: my place, who got which choice, and the means to check it. */
import { useEffect, useState } from "preact/hooks";
import { Section } from "../frame/section.js";
import { Skeleton, Trouble } from "../frame/states.js";
import { html } from "../lib/html.js";
import { get } from "../lib/http.js";
import { ordinal, plural } from "../lib/text.js";
import { dayAndClock, full } from "../lib/time.js";
import { moment } from "./clock.js";
import { barsOf, Histogram } from "./draw-histogram.js";
import { labOf } from "./draw-ranking.js";
import { Checking } from "./draw-verify.js";

export function Result({ model }) {
  const [draw, setDraw] = useState(null);
  const [problem, setProblem] = useState(null);
  const load = () => get(`/pairup/rounds/${model.round.value.id}/draw`).then((answer) => (setDraw(answer), setProblem(null)), setProblem);
  useEffect(() => void load(), []);
  if (problem) return html`<${Trouble} problem=${problem} again=${load} />`;
  if (!draw) return html`<${Skeleton} rows=${2} />`;
  return html`
    ${model.mine.value && html`<${Mine} model=${model} draw=${draw} />`}
    <${Section} id="choices" title="Who got which choice" text=${`${plural(draw.inputs.teams.length, "team", "teams")} and ${plural(draw.inputs.places.length, "place", "places")}, drawn ${dayAndClock(draw.at)}.`}>
      <${Histogram} bars=${barsOf(draw)} />
    <//>
    <${Checking} model=${model} draw=${draw} />
  `;
}

function Mine({ model, draw }) {
  const team = model.mine.value.team;
  const got = team && draw.assignment[team.id];
  const drawn = model.places.value.get(got);
  const now = model.place.value;
  if (!team || got === undefined) return html`<section class="card section"><h2>Your place</h2><p class="aside">Your team did not take part in the draw.</p></section>`;
  if (!drawn) return html`<section class="card section"><h2>Your place</h2><p>${got === null ? "There was none left for you." : "The place you drew is not there any more."} Speak to the staff.</p></section>`;
  const rank = draw.inputs.rankings[team.id].indexOf(got) + 1;
  return html`
    <section class="card section draw__mine">
      <h2>Your place</h2>
      <p class="draw__place" title=${full(drawn.starts_at)}>${moment(drawn.starts_at)}, <bdi>${labOf(model, drawn)}</bdi></p>
      <p class="aside">${rank ? `Your ${ordinal(rank)} choice` : "You had not ranked it"}${now && now.id !== drawn.id ? `; now you have ${moment(now.starts_at)}, ${labOf(model, now)}` : ""}</p>
    </section>
  `;
}
