/** My team: who, what, when; what it may do; and what has happened to me lately. */
import { useState } from "preact/hooks";
import { Avatar } from "../frame/avatar.js";
import { Dialog, open } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { Icon } from "../frame/icon.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { go, place as address } from "../lib/router.js";
import { length } from "../lib/text.js";
import { clock } from "../lib/time.js";
import { beAlone, describeTeam, dissolveTeam, giveBack, leaveTeam } from "./acts.js";
import { longDay } from "./clock.js";
import { isBeforeDraw, labelOthers, mayBeAlone, person } from "./mine.js";
import { Notices } from "./notices.js";
import { SwapOffers } from "./swap-offers.js";

/** As `limits.title_length` and `limits.description_length`. */
const TITLE = 120;
const DESCRIPTION = 500;

export function TeamCard({ round, mode, close }) {
  const team = round.team.value;
  return html`
    <section class="team card" aria-label="Your team">
      <h2 class="beside__title">Your team</h2>
      ${team ? html`<${Team} round=${round} team=${team} mode=${mode} close=${close} />` : html`<${NoTeam} round=${round} />`}
    </section>
    <${SwapOffers} round=${round} />
    <${Notices} round=${round} />
  `;
}

function NoTeam({ round }) {
  const invited = round.mine.value.invitations.filter(({ receiver }) => receiver.entry === round.mine.value.entry.id).length;
  return html`
    <p>${invited ? "Somebody has asked you." : "You are in no team yet."}</p>
    <div class="team__acts">
      <a class="button button--primary" href="/pairup/${round.id}?tab=partners">${invited ? "See who" : "Find a partner"}</a>
      ${mayBeAlone(round) && round.phase.value === "open" && html`<button class="button" type="button" onClick=${() => beAlone(round)}>Go alone</button>`}
    </div>
  `;
}

function Team({ round, team, mode, close }) {
  const [editing, setEditing] = useState(false);
  const may = round.phase.value === "open" && !team.locked;
  return html`
    <ul class="team__members" aria-label="Members">
      ${team.members.map((one) => html`<li key=${one.entry}><${Avatar} person=${person(one)} size="small" /><span><bdi>${one.name}</bdi></span></li>`)}
    </ul>
    ${editing
      ? html`<${Describe} team=${team} done=${() => setEditing(false)} />`
      : html`<${Described} team=${team} may=${may} edit=${() => setEditing(true)} />`}
    <${Where} round=${round} team=${team} />
    ${team.locked && html`<p class="aside">The staff has locked this team. Write to them to change something.</p>`}
    ${may && html`<${Acts} round=${round} mode=${mode} close=${close} />`}
  `;
}

const Described = ({ team, may, edit }) => html`
  <div class="team__words">
    ${team.title ? html`<strong class="team__title"><bdi>${team.title}</bdi></strong>` : html`<span class="aside">No title yet</span>`}
    ${may && html`<button class="icon-button" type="button" aria-label="Change title and description" onClick=${edit}><${Icon} name="pencil" size=${16} /></button>`}
    ${team.description && html`<p class="team__text" dir="auto">${team.description}</p>`}
  </div>
`;

function Describe({ team, done }) {
  const form = useForm({
    start: { title: team.title, description: team.description },
    check: ({ title, description }) => ({
      ...(length(title.trim()) > TITLE && { title: `At most ${TITLE} characters.` }),
      ...(length(description.trim()) > DESCRIPTION && { description: `At most ${DESCRIPTION} characters.` }),
    }),
    send: async ({ title, description }) => {
      await describeTeam(team, { title: title.trim(), description: description.trim() });
      done();
    },
  });
  return html`
    <${Form} form=${form}>
      <${Field} form=${form} name="title" label="Title of the project" autocomplete="off" autofocus />
      <${Field} form=${form} name="description" label="Description" lines=${3} />
      <div class="team__acts"><${Submit} form=${form}>Save<//><button class="button" type="button" onClick=${done}>Cancel</button></div>
    <//>
  `;
}

function Where({ round, team }) {
  const place = round.place.value ?? round.hold.value;
  if (!place) return html`<${Nowhere} round=${round} team=${team} />`;
  const lab = round.labs.value.find(({ id }) => id === place.lab);
  return html`<p class="team__where">${longDay(place.starts_at)} ${clock(place.starts_at)}${lab && html` in <bdi>${lab.name}</bdi>`}${place.state === "held" && ", held"}</p>`;
}

/** With the way to a place, where one is not there already. */
function Nowhere({ round, team }) {
  if (!team.complete) return html`<p class="aside">Not complete yet: it takes a place when it is.</p>`;
  const [tab, words] = isBeforeDraw(round) ? ["draw", "Rank the places"] : ["seats", "Choose a place"];
  const isThere = (address.value.query.get("tab") ?? "seats") === tab;
  const may = round.phase.value === "open" && !team.locked;
  return html`
    <p class="aside">No place yet.</p>
    ${may && !isThere && html`<div class="team__acts"><a class="button button--primary" href="/pairup/${round.id}?tab=${tab}">${words}</a></div>`}
  `;
}

function Acts({ round, mode, close }) {
  const place = round.place.value;
  const isSeated = !isBeforeDraw(round);
  const others = [...round.seats.value.values()].some(({ state, team }) => state === "taken" && team?.id !== round.team.value.id);
  const swap = () => {
    mode.value = "swap";
    close();
    toSeats(round);
  };
  return html`
    <div class="team__acts">
      ${place && isSeated && html`
        <button class="button button--pill" type="button" onClick=${() => (close(), change(round, mode))}>Change slot</button>
        ${others && html`<button class="button button--pill" type="button" aria-pressed=${mode.value === "swap"} onClick=${swap}>Offer a swap</button>`}
      `}
      <span class="team__quiet">
        ${place && isSeated && html`<button class="text-button" type="button" onClick=${() => giveBack(round, place)}>Give back</button>`}
        <button class="text-button" type="button" onClick=${() => open(Leave, { round })}>Leave team</button>
      </span>
    </div>
  `;
}

function toSeats({ id }) {
  const path = `/pairup/${id}?tab=seats`;
  if (address.value.query.get("tab") !== "seats") go(path);
}

/** The keyboard goes to the first place that can be taken. */
function change(round, mode) {
  mode.value = "";
  toSeats(round);
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector("button.seat")?.focus()));
}

function Leave({ round, close }) {
  const team = round.team.value;
  const isAlone = team?.members.length === 1;
  const done = (act) => () => {
    close();
    act(round);
  };
  return html`
    <${Dialog} title="Leave the team?">
      <p>${isAlone ? "The team ends with it." : html`<bdi>${team && labelOthers(round)}</bdi> will be told.`} ${round.place.value && "Its place goes to whoever waits, unless the team stays complete without you."}</p>
      <div class="team__acts">
        <button class="button button--primary" type="button" onClick=${done(leaveTeam)}>Leave</button>
        ${!isAlone && html`<button class="button" type="button" onClick=${done(dissolveTeam)}>Dissolve it for all</button>`}
        <button class="button" type="button" onClick=${close}>Stay</button>
      </div>
    <//>
  `;
}
