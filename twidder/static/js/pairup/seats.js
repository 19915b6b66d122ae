/** All places by lab, as they are now. */
import { computed } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import { useEscape } from "../frame/keyboard.js";
import { Empty } from "../frame/states.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { ordinal, plural } from "../lib/text.js";
import { go } from "../lib/router.js";
import { offerSwap, stopWaiting, take, waitFor } from "./acts.js";
import { longDay, moment, shortDay } from "./clock.js";
import { isBeforeDraw, labelWithMe, mayBeAlone } from "./mine.js";
import { Seat } from "./seat.js";

/** More labs than this are looked at by the day. */
const FEW = 8;

export function Seats({ round, mode }) {
  const byLab = useMemo(() => seatsByLab(round), [round]);
  const mine = useMemo(() => computed(() => ({ id: round.team.value?.id, label: round.team.value && labelWithMe(round) })), [round]);
  const [day, setDay] = useState(null);
  const labs = inTime(round.labs.value, byLab.value);
  const days = labs.length > FEW ? daysOf(labs, byLab.value) : new Map();
  const shown = days.has(day) ? days.get(day) : labs;
  if (!labs.length) return html`<${Empty}>There are no places yet. They appear here as soon as the staff has made them.<//>`;
  const choose = (place) => pressed(round, mode, place);
  const isSwap = mode.value === "swap" && round.place.value !== null;
  const may = mayPress(round, isSwap);
  return html`
    ${isSwap && html`<${SwapHint} mode=${mode} />`}
    ${round.mine.value && html`<${NotNow} round=${round} />`}
    ${isBeforeDraw(round) && html`<p class="aside">The places of this round are drawn. Rank them under Draw; nobody has to be quick.</p>`}
    ${days.size > 1 && html`<${Days} days=${[...days.keys()]} day=${days.has(day) ? day : null} choose=${setDay} />`}
    ${shown.map((lab) => html`<${LabCard} key=${lab.id} round=${round} lab=${lab} seats=${byLab.value.get(lab.id)} mine=${mine.value} may=${may} choose=${choose} />`)}
  `;
}

/** Why nothing can be pressed. */
function NotNow({ round }) {
  if (round.phase.value === "soon") return html`<p class="aside">Places can be taken from ${moment(round.round.value.opens_at)} on. Look around meanwhile, and think of a partner.</p>`;
  return round.phase.value === "closed" && html`<p class="aside">This round is closed: who has a place keeps it. The staff can still change something.</p>`;
}

function SwapHint({ mode }) {
  const stop = () => (mode.value = "");
  useEscape(stop);
  return html`<p class="notice swap-hint" role="status">Choose the place you would like: its team is asked. <button class="text-button" type="button" onClick=${stop}>Never mind</button></p>`;
}

const inTime = (labs, byLab) => labs.filter(({ id }) => byLab.has(id)).sort((a, b) => byLab.get(a.id)[0].starts_at - byLab.get(b.id)[0].starts_at || a.id - b.id);

/** "Mon 20 May" → the labs that have places then */
function daysOf(labs, byLab) {
  const days = new Map();
  for (const lab of labs) for (const day of new Set(byLab.get(lab.id).map(({ starts_at: at }) => shortDay(at)))) days.set(day, [...(days.get(day) ?? []), lab]);
  return days;
}

const Days = ({ days, day, choose }) => html`
  <div class="segments" role="group" aria-label="Days">
    ${[null, ...days].map((one) => html`<button key=${one} class="segment" type="button" aria-pressed=${one === day} onClick=${() => choose(one)}>${one ?? "All days"}</button>`)}
  </div>
`;

/** Which states of a place can be pressed now. */
function mayPress(round, isSwap) {
  if (!round.mine.value || round.phase.value !== "open" || isBeforeDraw(round) || round.team.value?.locked) return "";
  return isSwap ? "taken" : "free";
}

function pressed(round, mode, place) {
  if (mode.value === "swap") {
    mode.value = "";
    return offerSwap(round, place);
  }
  if (round.team.value?.complete) return take(round, place);
  say(round.team.value ? "Your team is not complete yet." : mayBeAlone(round) ? "First a team: with a partner, or alone." : "Find a partner first: a place is for a team.", {
    label: "Partners",
    run: () => go(`/pairup/${round.id}?tab=partners`),
  });
}

/** lab → its places, by time; the same list as before where nothing has changed, so that its card need not be drawn. */
function seatsByLab(round) {
  let before = new Map();
  return computed(() => (before = groups(round.seats.value, before)));
}

function groups(seats, before) {
  const byLab = Map.groupBy([...seats.values()].sort((a, b) => a.starts_at - b.starts_at || a.id - b.id), ({ lab }) => lab);
  for (const [lab, places] of byLab) {
    const old = before.get(lab);
    if (old?.length === places.length && places.every((place, index) => place === old[index])) byLab.set(lab, old);
  }
  return byLab;
}

/** Drawn anew only when something of it has changed: of thousands of places few change at a time. */
function LabCard({ round, lab, seats, mine, may, choose }) {
  const ahead = round.mine.value?.waiting.find((one) => one.lab === lab.id)?.ahead ?? null;
  return useMemo(() => html`<${Lab} round=${round} lab=${lab} seats=${seats} mine=${mine} may=${may} choose=${choose} ahead=${ahead} />`, [lab, seats, mine.id, mine.label, may, ahead]);
}

/** `ahead`: how many teams wait here before mine; null where it does not. */
function Lab({ round, lab, seats, mine, may, choose, ahead }) {
  const days = Map.groupBy(seats, ({ starts_at: at }) => longDay(at));
  const isOneDay = days.size === 1;
  const title = isOneDay ? `${[...days.keys()][0]}, ${lab.name}` : lab.name;
  const free = seats.filter(({ state }) => state === "free").length;
  return html`
    <section class="lab card" aria-labelledby="lab-${lab.id}">
      <header class="lab__head">
        <h2 id="lab-${lab.id}"><bdi>${title}</bdi></h2>
        <p class="lab__free">${free ? `${free} of ${seats.length} free` : ["full", lab.waiting && `${lab.waiting} waiting`].filter(Boolean).join(" · ")}</p>
      </header>
      ${[...days].map(([day, places]) => html`
        ${!isOneDay && html`<h3 class="lab__day">${day}</h3>`}
        <ul class="seats" key=${day}>${places.map((place) => html`<li key=${place.id}><${Seat} place=${place} mine=${mine} may=${may === place.state} choose=${choose} /></li>`)}</ul>
      `)}
      <${Waiting} round=${round} lab=${lab} seats=${seats} free=${free} ahead=${ahead} may=${may} />
    </section>
  `;
}

function Waiting({ round, lab, seats, free, ahead, may }) {
  const isThere = seats.some(({ team }) => team && team.id === round.team.value?.id);
  if (ahead !== null) {
    return html`
      <p class="lab__wait" role="status">
        <span>You wait for a place here: you are ${ahead ? `${ordinal(ahead + 1)}, after ${plural(ahead, "other team", "other teams")}` : "next"}. What becomes free is given in the order of asking.</span>
        <button class="button" type="button" onClick=${() => stopWaiting(round, lab)}>Stop waiting</button>
      </p>
    `;
  }
  if (free || isThere || !may || !round.team.value?.complete) return null;
  return html`<p class="lab__wait"><button class="button" type="button" onClick=${() => waitFor(round, lab)}>Wait for a place</button></p>`;
}
