/** A round: its parts as tabs, my team beside them, everything live. */
import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { Page } from "../frame/page.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { html } from "../lib/html.js";
import { place } from "../lib/router.js";
import { phaseWords } from "./clock.js";
import { HoldLine } from "./hold.js";
import { markSeen, shown } from "./news.js";
import { Partners } from "./partners.js";
import { Progress } from "./progress.js";
import { Projects } from "./projects.js";
import { openRound } from "./round.js";
import { putRound } from "./rounds.js";
import { Seats } from "./seats.js";
import { tabsOf } from "./tabs.js";
import { TeamCard } from "./team.js";

/** ms */
const AGAIN = 3_000;
const OWN = { seats: Seats, projects: Projects, partners: Partners };

export function RoundView({ id }) {
  const [round] = useState(() => openRound(id));
  /** What a press on somebody's place means: "" | "swap" */
  const mode = useSignal("");
  useEffect(() => () => round.close(), []);
  useRecovery(round);
  useNews(round);
  if (round.lost.value || !round.round.value) return html`<${Unready} round=${round} />`;
  const tabs = tabsOf(round, OWN);
  const tab = tabs.find(({ key }) => key === place.value.query.get("tab")) ?? tabs[0];
  return html`
    <${Page} view="round" title=${round.round.value.name} note=${html`<${Phase} round=${round} />`} status=${html`<${Phase} round=${round} />`} back="/pairup" contextLabel=${round.mine.value ? "Your team" : "Progress"} context=${(close) => html`<${Beside} round=${round} mode=${mode} close=${close} />`}>
      <nav class="segments" aria-label="Parts of the round">
        ${tabs.map(({ key, words }) => html`<a key=${key} class="segment" href="/pairup/${id}?tab=${key}" aria-current=${key === tab.key ? "page" : undefined}>${words}</a>`)}
      </nav>
      ${tab.key === "seats" && round.round.value.description && html`<p class="round-about" dir="auto">${round.round.value.description}</p>`}
      <${HoldLine} round=${round} />
      <${tab.View} round=${round} mode=${mode} />
    <//>
  `;
}

const Phase = ({ round }) => html`<span class="phase">${phaseWords(round.round.value)}</span>`;

/** `close`: on a phone it is a sheet above what its links and buttons lead to. */
const Beside = ({ round, mode, close }) => html`
  <div class="beside" onClick=${({ target }) => target.closest("a[href]") && close()}>
    ${round.mine.value && html`<${TeamCard} round=${round} mode=${mode} close=${close} />`}
    <${Progress} round=${round} />
  </div>
`;

function Unready({ round }) {
  const [problem, lost] = [round.problem.value, round.lost.value];
  const isGone = lost || problem?.status === 404;
  return html`
    <${Page} view="round" title=${round.round.value?.name ?? "Pair-Up"} back="/pairup" context=${isGone || problem ? undefined : null}>
      ${!problem && !lost && html`<${Skeleton} rows=${3} />`}
      ${isGone && html`<${Empty} action=${html`<a class="button" href="/pairup">See your rounds</a>`}>This round is not there, or you are not on its roster.<//>`}
      ${problem && !isGone && html`<${Trouble} problem=${problem} again=${() => round.open()} />`}
    <//>
  `;
}

/** What could not be loaded for want of a connection is loaded when it is back; the socket may have survived it. */
function useRecovery(round) {
  const problem = round.problem.value;
  useEffect(() => {
    if (!problem?.unreachable) return;
    const timer = setTimeout(() => round.open(true), AGAIN);
    return () => clearTimeout(timer);
  }, [problem]);
}

/** What has come is seen when it is here; the rail says of the round what this page knows of it. */
function useNews(round) {
  const { mine, round: told } = round;
  useEffect(() => {
    shown.value = round;
    return () => (shown.value = null);
  }, []);
  const notices = mine.value?.notices;
  useEffect(() => {
    if (notices) markSeen(mine.value.entry.id, notices);
  }, [notices]);
  useEffect(() => {
    if (told.value) putRound(told.value);
  }, [told.value]);
}
