/** The teams as staff see them, who is left over, and the files to take away. */
import { Icon } from "../frame/icon.js";
import { Section } from "../frame/section.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { put, remove } from "../lib/http.js";
import { plural } from "../lib/text.js";
import { moment } from "./clock.js";
import { studentName } from "./roster-names.js";
import { LeftOver } from "./staff-left.js";
import { RowMenu } from "./staff-menu.js";
import { openMessage } from "./staff-message.js";
import { openMove } from "./staff-move.js";
import { openWorse } from "./staff-sure.js";
import { SortedTable } from "./staff-table.js";

const FILES = [["csv", "CSV"], ["json", "JSON"], ["ics", "iCal"]];

export function TeamsPart({ model, side }) {
  const { teams, counts } = side.overview.value;
  const { id } = model.round.value;
  if (!counts.students) return null;
  const columns = columnsFor(model);
  const tools = FILES.map(([format, words]) => html`<a key=${format} class="button button--pill" href="/api/v1/pairup/rounds/${id}/export?format=${format}" download><${Icon} name="download" size=${16} />${words}</a>`);
  const actions = (team) => html`<${RowMenu} label="What to do with ${nameOf(team)}" items=${itemsFor(team, model, side)} />`;
  return html`
    <${Section} id="teams" title="Teams">
      <${Figures} ...${side.overview.value} />
      <${SortedTable} label="Teams" columns=${columns} rows=${teams} actions=${actions} tools=${tools} nothing="No teams yet. They form by invitation, or you pair those who are left." />
    <//>
    <${LeftOver} model=${model} side=${side} />
  `;
}

function Figures({ counts: { students, teams, complete, placed, places, free }, problem }) {
  return html`
    <p class="aside">${plural(students, "student", "students")} · ${plural(teams, "team", "teams")}, ${complete} complete, ${placed} with a place · ${free} of ${plural(places, "place", "places")} free</p>
    ${problem && html`<p class="form__error" role="alert">${problem}</p>`}
  `;
}

/** Their names, whatever others see of them. */
export const nameOf = (team) => team.members.map(studentName).join(" & ") || team.label;

const whereOf = (place, model) => `${model.labs.value.find((lab) => lab.id === place.lab)?.name ?? ""} ${moment(place.starts_at)}`;

function columnsFor(model) {
  return [
    { key: "team", label: "Team", value: nameOf },
    { key: "title", label: "Project", value: ({ title }) => title },
    {
      key: "place",
      label: "Lab and time",
      value: ({ place }) => (place ? `${new Date(place.starts_at).toISOString()} ${whereOf(place, model)}` : "~ none"),
      cell: ({ place, waiting }) => (place ? html`<bdi>${whereOf(place, model)}</bdi>${place.state === "held" && html` <span class="aside">held</span>`}` : html`<span class="aside">${waiting.length ? "waiting" : "none"}</span>`),
    },
    { key: "cohort", label: "Cohort", value: ({ members }) => [...new Set(members.map(({ cohort }) => cohort))].join(", ") },
    { key: "state", label: "State", value: stateOf },
  ];
}

const stateOf = (team) => [team.complete ? "complete" : "too small", team.locked && "locked"].filter(Boolean).join(", ");

function itemsFor(team, model, side) {
  const tell = (problem) => say(problem.message);
  const lock = (locked) => put(`/pairup/teams/${team.id}/lock`, { locked }).then(side.load, tell);
  const name = nameOf(team);
  const dissolve = () =>
    openWorse({
      title: "Dissolve the team?",
      text: `${name} are without a team then, and their place is free. They are told.`,
      act: "Dissolve",
      run: () => remove(`/pairup/teams/${team.id}`).then(() => (side.load(), say("The team is dissolved")), tell),
    });
  return [
    ["arrow-right", "Move…", () => openMove({ team, name, model, side })],
    team.locked ? ["door-open", "Unlock", () => lock(false)] : ["lock", "Lock", () => lock(true)],
    ["message-circle", "Message…", () => openMessage(team, name)],
    ["trash", "Dissolve", dissolve, true],
  ];
}
