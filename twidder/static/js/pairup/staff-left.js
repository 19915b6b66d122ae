/** Who has no team, and one button that gives them one. */
import { useState } from "preact/hooks";
import { Switch } from "../frame/choices.js";
import { Section } from "../frame/section.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { plural } from "../lib/text.js";
import { studentName } from "./roster-names.js";

export function LeftOver({ model, side }) {
  const [result, setResult] = useState(null);
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const [withAll, setWithAll] = useState(false);
  const { left, teams } = side.overview.value;
  const small = teams.filter(({ complete, locked }) => !complete && !locked);
  const isOver = left.length > 0 || small.length > 0;
  const pair = async () => {
    setBusy(true);
    try {
      setResult(await post(`/pairup/rounds/${model.round.value.id}/pairings`, { unclaimed: withAll }));
      setProblem(null);
      await side.load();
    } catch (trouble) {
      setProblem(trouble);
    }
    setBusy(false);
  };
  if (!isOver && !result) return null;
  return html`
    <${Section} id="left" title="Left over">
      ${result && html`<p class="csv__good" role="status">${resultWords(result)}</p>`}
      ${problem && html`<p class="form__error" role="alert">${problem.message}</p>`}
      ${isOver && html`
        <p class="aside">${planWords(model.round.value)}</p>
        ${small.length > 0 && html`<p>${plural(small.length, "team is", "teams are")} too small.</p>`}
        ${left.length > 0 && html`<ul class="left-over">${left.map((entry) => html`<li key=${entry.id}><bdi>${studentName(entry)}</bdi><span class="aside">${[entry.cohort, entry.looking && "looking", !entry.claimed && "not in yet"].filter(Boolean).join(" · ")}</span></li>`)}</ul>`}
        ${left.some(({ claimed }) => !claimed) && html`<${Switch} title="With those who have not come in yet" text="They may never come, and somebody would wait for them." on=${withAll} turn=${setWithAll} />`}
        <button class="button button--primary" type="button" data-busy=${isBusy} aria-disabled=${isBusy} onClick=${() => !isBusy && pair()}>Pair the rest</button>
      `}
    <//>
  `;
}

function planWords({ size_min: least, alone }) {
  const single = alone.length ? ` Of ${alone.join(", ")} one may stay alone.` : "";
  return `“Pair the rest” fills teams that are too small, then makes teams of ${least}, of one cohort where that works.${single} Everybody is told.`;
}

function resultWords({ made, grown, left }) {
  const parts = [made.length > 0 && `${plural(made.length, "team", "teams")} made.`, grown.length > 0 && `${plural(grown.length, "team", "teams")} filled up.`].filter(Boolean);
  const teams = parts.join(" ") || "No team could be made.";
  return left.length ? `${teams} ${plural(left.length, "student is", "students are")} still without a team.` : `${teams} Nobody is left.`;
}
