/** My rounds; and the field for a code. */
import { useEffect, useState } from "preact/hooks";
import { isStaff } from "../accounts/roles.js";
import { Field, Form, Submit } from "../frame/field.js";
import { Icon } from "../frame/icon.js";
import { Page } from "../frame/page.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { get, post } from "../lib/http.js";
import { go } from "../lib/router.js";
import { plural } from "../lib/text.js";
import { phaseWords } from "./clock.js";
import { openNewRound } from "./new-round.js";
import { loadRounds, roundPath, rounds } from "./rounds.js";
import { placeWords } from "./words.js";

export function PairUp() {
  const [problem, setProblem] = useState(null);
  const load = () => loadRounds().then(() => setProblem(null), setProblem);
  useEffect(() => void load(), []);
  const known = rounds.value;
  return html`
    <${Page} view="pairup" title="Pair-Up" actions=${isStaff() && html`<${Make} />`}>
      ${problem && !known && html`<${Trouble} problem=${problem} again=${load} />`}
      ${!known && !problem && html`<${Skeleton} rows=${2} />`}
      ${known && !known.length && html`<${None} />`}
      ${known?.length > 0 && html`<ul class="rounds" aria-label="Rounds">${known.map((card) => html`<${Card} key=${card.round.id} ...${card} />`)}</ul>`}
      <${Code} />
    <//>
  `;
}

const Make = () => html`
  <button class="button button--primary button--pill" type="button" aria-label="New round" onClick=${openNewRound}><${Icon} name="plus" size=${16} /><span>New round</span></button>
`;

const None = () =>
  isStaff()
    ? html`<${Empty} action=${html`<button class="button button--primary" type="button" onClick=${openNewRound}>Make a round</button>`}>A round pairs the students of a roster and gives each team a place in a lab.<//>`
    : html`<${Empty}>You are in no round yet. The staff gives you a code, or a link with it.<//>`;

function Card({ round, entry }) {
  const mine = useMine(round, entry);
  return html`
    <li>
      <a class="round-card card" href=${roundPath(round)}>
        <strong><bdi>${round.name}</bdi></strong>
        <span class="round-card__phase" data-phase=${round.phase}>${phaseWords(round)}</span>
        ${round.description && html`<span class="round-card__text">${round.description}</span>`}
        <span class="round-card__facts">${mine ? factsOf(mine) : entry === null ? `${plural(round.students, "student", "students")}` : ""}</span>
      </a>
    </li>
  `;
}

/** My team and its place, as they were when the list was opened. All places are asked for only where there is a team. */
function useMine({ id }, entry) {
  const [mine, setMine] = useState(null);
  const load = async () => {
    const found = await get(`/pairup/rounds/${id}/mine`);
    setMine(found.team ? await get(`/pairup/rounds/${id}`) : { mine: found });
  };
  useEffect(() => {
    if (entry !== null) load().catch(() => {});
  }, [id, entry]);
  return mine;
}

function factsOf({ mine, places, labs }) {
  if (!mine?.team) return "You are in no team yet";
  const place = places.find(({ state, team }) => state === "taken" && team?.id === mine.team.id);
  return [mine.members.map(({ name }) => name).join(", "), place ? placeWords(place, labs) : "no place yet"].join(" · ");
}

/** A code leads to the page behind its link. */
function Code() {
  const form = useForm({
    start: { code: "" },
    check: ({ code }) => (code.trim() ? {} : { code: "Write the code that you were given." }),
    send: async ({ code }) => {
      await post("/pairup/claims/check", { code: code.trim() });
      go(`/claim#${encodeURIComponent(code.trim())}`);
    },
  });
  return html`
    <section class="own-code card" aria-label="I have a code">
      <${Form} form=${form}>
        <${Field} form=${form} name="code" label="I have a code" autocomplete="off" autocapitalize="none" spellcheck=${false} />
        <${Submit} form=${form} quiet>Continue<//>
      <//>
    </section>
  `;
}
