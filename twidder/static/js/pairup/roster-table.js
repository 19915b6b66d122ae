/** Everybody on the roster, with what staff can do for one of them. */
import { Icon } from "../frame/icon.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { remove } from "../lib/http.js";
import { studentName } from "./roster-names.js";
import { download, toCsv } from "./staff-files.js";
import { RowMenu } from "./staff-menu.js";
import { openWorse } from "./staff-sure.js";
import { SortedTable } from "./staff-table.js";

const stateOf = (entry) => (entry.claimed ? (entry.has_pin ? "in, with a PIN" : "in") : "not yet");

/** `teams`: id → Team */
const columnsFor = (teams) => [
  { key: "name", label: "Name", value: studentName },
  { key: "number", label: "Number", value: ({ number }) => number },
  { key: "email", label: "E-mail", value: ({ email }) => email },
  { key: "cohort", label: "Cohort", value: ({ cohort }) => cohort },
  { key: "team", label: "Team", value: ({ team }) => (team === null ? "" : teams.get(team)?.label ?? `Team ${team}`) },
  { key: "state", label: "Came in", value: stateOf },
];

export function RosterTable({ entries, side, teams, makeCode }) {
  const columns = columnsFor(teams);
  const csv = () => download("roster.csv", toCsv([columns.map(({ label }) => label), ...entries.map((entry) => columns.map(({ value }) => value(entry)))]));
  const tools = html`<button class="button button--pill" type="button" onClick=${csv}><${Icon} name="download" size=${16} />CSV</button>`;
  const actions = (entry) => html`<${RowMenu} label="What to do with ${studentName(entry)}" items=${itemsFor(entry, side, makeCode)} />`;
  return html`<${SortedTable} label="Roster" columns=${columns} rows=${entries} actions=${actions} tools=${tools} />`;
}

function itemsFor(entry, side, makeCode) {
  const name = studentName(entry);
  const run = (path, words) => remove(`/pairup/entries/${entry.id}${path}`).then(() => (side.load(), say(words)), (problem) => say(problem.message));
  const release = () =>
    openWorse({
      title: `Release ${name}?`,
      text: "Whoever came in as this student is put out of it and needs a new code. Their team and place stay.",
      act: "Release",
      run: () => run("/claim", `${name} can be claimed anew. Make a new code.`),
    });
  const drop = () =>
    openWorse({ title: `Remove ${name}?`, text: "From the roster of this round.", act: "Remove", run: () => run("", `${name} is removed`) });
  return [
    (!entry.claimed || !entry.has_pin) && ["link", "Make a new code", () => makeCode(entry)],
    entry.has_pin && ["lock", "Reset the PIN", () => run("/pin", `${name} has no PIN any more. A new code lets them choose another.`)],
    entry.claimed && ["log-out", "Release the claim", release],
    !entry.claimed && entry.team === null && ["trash", "Remove", drop, true],
  ];
}
