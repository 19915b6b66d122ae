/** All teams and what they make; mine first. */
import { useState } from "preact/hooks";
import { Empty } from "../frame/states.js";
import { html } from "../lib/html.js";
import { clock } from "../lib/time.js";
import { longDay } from "./clock.js";

export function Projects({ round }) {
  const [words, setWords] = useState("");
  const mine = round.team.value?.id;
  const places = new Map([...round.seats.value.values()].filter(({ state }) => state === "taken").map((place) => [place.team?.id, place]));
  const teams = [...round.teams.value.values()].sort((a, b) => (b.id === mine) - (a.id === mine) || a.id - b.id);
  if (!teams.length) return html`<${Empty} action=${html`<a class="button" href="/pairup/${round.id}?tab=partners">Find a partner</a>`}>There is no team yet.<//>`;
  const found = teams.filter((team) => fits(team, words));
  return html`
    <div class="field projects__filter">
      <label for="projects-filter" class="visually-hidden">Filter by title or name</label>
      <input id="projects-filter" type="search" placeholder="Filter by title or name" value=${words} onInput=${({ target }) => setWords(target.value)} />
    </div>
    <ul class="projects card" aria-label="Projects">
      ${found.map((team) => html`<${Project} key=${team.id} team=${team} mine=${team.id === mine} place=${places.get(team.id)} round=${round} />`)}
    </ul>
    ${!found.length && html`<p class="aside" role="status">No team has these words.</p>`}
  `;
}

const fits = ({ title, description, label, members }, words) =>
  [title, description, label, ...members.map(({ name }) => name)].join(" ").toLowerCase().includes(words.trim().toLowerCase());

function Project({ team, mine, place, round }) {
  const names = team.members.map(({ name }) => name).join(", ") || team.label;
  const lab = place && round.labs.value.find(({ id }) => id === place.lab);
  return html`
    <li class="project" data-mine=${mine}>
      <div class="project__words">
        <strong><bdi>${team.title || names}</bdi></strong>
        ${team.title && html`<span class="aside"><bdi>${names}</bdi></span>`}
        ${team.description && html`<p class="project__text" dir="auto">${team.description}</p>`}
      </div>
      <span class="project__when">
        ${mine && html`<span class="mark">Yours</span>`}
        ${place ? html`<span>${clock(place.starts_at)}, <bdi>${lab?.name}</bdi></span><span class="aside">${longDay(place.starts_at)}</span>` : html`<span class="aside">${team.complete ? "No place yet" : "Not complete"}</span>`}
      </span>
    </li>
  `;
}
