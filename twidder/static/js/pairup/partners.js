/** Who looks for a partner, me among them, and who has asked whom. */
import { Avatar } from "../frame/avatar.js";
import { Empty } from "../frame/states.js";
import { html } from "../lib/html.js";
import { acceptInvitation, dropInvitation } from "./acts.js";
import { openInvite, openInviteByNumber } from "./invite.js";
import { IAmLooking } from "./looking.js";
import { isBeforeDraw, labelOthers, person } from "./mine.js";

export function Partners({ round }) {
  const mine = round.mine.value;
  const looking = [...round.looking.value.values()].filter(({ entry }) => entry !== mine?.entry.id).sort((a, b) => a.name.localeCompare(b.name));
  const may = mayInvite(round);
  return html`
    ${mine && html`<${Invitations} round=${round} mine=${mine} />`}
    ${mine && may && html`<${IAmLooking} round=${round} />`}
    <section class="partners" aria-labelledby="partners-title">
      <header class="partners__head">
        <h2 id="partners-title">Looking for a partner</h2>
        ${may && html`<button class="button button--pill" type="button" onClick=${() => openInviteByNumber(round)}>Invite by student number</button>`}
      </header>
      ${looking.length
        ? html`<ul class="people card" aria-label="Looking for a partner">${looking.map((one) => html`<${Person} key=${one.entry} round=${round} one=${one} may=${may} />`)}</ul>`
        : mine && round.team.value?.complete && !may
          ? html`<${Together} round=${round} />`
          : html`<${Empty}>Nobody${mine && round.looking.value.size ? " else" : ""} looks for a partner just now.<//>`}
    </section>
  `;
}

function Together({ round }) {
  const others = round.team.value.members.length > 1 ? html`You and <bdi>${labelOthers(round)}</bdi> are a team.` : "You are a team of your own.";
  if (round.place.value || round.phase.value !== "open") return html`<${Empty}>${others}<//>`;
  const [tab, words] = isBeforeDraw(round) ? ["draw", "Rank the places"] : ["seats", "Choose a place"];
  return html`<${Empty} action=${html`<a class="button button--primary" href="/pairup/${round.id}?tab=${tab}">${words}</a>`}>${others}<//>`;
}

/** Whether there is room for one more. */
function mayInvite({ mine, phase, team, round }) {
  const size = team.value?.size ?? 1;
  return Boolean(mine.value) && phase.value === "open" && !team.value?.locked && size < round.value.size_max;
}

function Person({ round, one, may }) {
  const mine = round.mine.value;
  const between = mine?.invitations.find(({ sender, receiver }) => [sender.entry, receiver.entry].includes(one.entry));
  const asked = between && (between.sender.entry === one.entry ? "Has asked you" : "Invited");
  return html`
    <li class="partner">
      <${Avatar} person=${person(one)} />
      <div class="partner__words">
        <strong><bdi>${one.name}</bdi></strong>
        ${one.cohort && html` <span class="aside"><bdi>${one.cohort}</bdi></span>`}
        ${one.about && html`<p dir="auto">${one.about}</p>`}
      </div>
      ${asked ? html`<span class="aside">${asked}</span>` : may && html`<button class="button" type="button" aria-label="Invite ${one.name}" onClick=${() => openInvite(round, one)}>Invite</button>`}
    </li>
  `;
}

function Invitations({ round, mine }) {
  if (!mine.invitations.length) return null;
  const isIn = ({ receiver }) => receiver.entry === mine.entry.id;
  const sorted = [...mine.invitations].sort((a, b) => isIn(b) - isIn(a) || b.at - a.at);
  return html`
    <section class="invitations card" aria-label="Invitations">
      <ul>${sorted.map((one) => html`<${Invitation} key=${one.id} round=${round} one=${one} isIn=${isIn(one)} />`)}</ul>
    </section>
  `;
}

function Invitation({ round, one, isIn }) {
  const other = isIn ? one.sender : one.receiver;
  return html`
    <li class="partner">
      <${Avatar} person=${person(other)} />
      <div class="partner__words">
        <p>${isIn ? html`<strong><bdi>${other.name}</bdi></strong> would like to be in a team with you` : html`You invited <strong><bdi>${other.name}</bdi></strong>`}</p>
        ${one.text && html`<p class="aside" dir="auto">${one.text}</p>`}
      </div>
      <div class="team__acts">
        ${isIn && html`<button class="button button--primary" type="button" onClick=${() => acceptInvitation(round, one)}>Accept</button>`}
        <button class="button" type="button" onClick=${() => dropInvitation(round, one)}>${isIn ? "Decline" : "Withdraw"}</button>
      </div>
    </li>
  `;
}
