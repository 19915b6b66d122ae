/** The roster: bring it in, look at it, hand out codes. */
import { useState } from "preact/hooks";
import { Section } from "../frame/section.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { post, put } from "../lib/http.js";
import { number, plural } from "../lib/text.js";
import { CodesSheet } from "./roster-codes.js";
import { RosterTable } from "./roster-table.js";
import { CsvField } from "./staff-csv.js";

const HINT = "The first line names the columns: number, firstname, familyname; preferred, email and cohort if you have them.";
const EXAMPLE = "number;firstname;familyname;email;cohort\n19990101;Ada;Lovelace;ada@example.org;D1";

/** The codes are in no other place than this page, until one leaves it. */
export function RosterPart({ model, side }) {
  const [codes, setCodes] = useState(null);
  const entries = side.entries.value;
  const { id } = model.round.value;
  const make = (wanted) =>
    post(`/pairup/rounds/${id}/codes`, { entries: wanted }).then(({ items }) => {
      setCodes(items);
      window.scrollTo(0, 0);
    }, (problem) => say(problem.message));
  return html`
    ${codes && html`<${CodesSheet} round=${model.round.value} codes=${codes} close=${() => setCodes(null)} />`}
    ${entries.length > 0 && !codes && html`<${Codes} entries=${entries} make=${make} />`}
    ${entries.length > 0 && html`<${Section} id="roster" title="Roster">
      <${RosterTable} entries=${entries} side=${side} teams=${model.teams.value} makeCode=${(entry) => make([entry.id])} />
    <//>`}
    <${Import} id=${id} isFirst=${entries.length === 0} done=${side.load} />
  `;
}

function Codes({ entries, make }) {
  const waiting = entries.filter((entry) => !entry.claimed).length;
  if (!waiting) return null;
  return html`
    <${Section} id="codes" title="Codes" text="Each student comes in by a code of their own, or by the link with it. New codes end the old ones; they are shown once.">
      <button class="button button--primary" type="button" onClick=${() => make(null)}>Make codes for ${number(waiting)}</button>
    <//>
  `;
}

function Import({ id, isFirst, done }) {
  const path = `/pairup/rounds/${id}/roster`;
  const send = async (csv) => {
    const { added, changed } = await put(path, { csv });
    await done();
    say(`${plural(added, "student", "students")} added${changed ? `, ${changed} changed` : ""}`);
  };
  const field = html`
    <${CsvField}
      label="Students" hint=${HINT} example=${EXAMPLE} check=${(csv) => put(`${path}?check=true`, { csv })} words=${inWords}
      button=${(answer) => (answer ? `Import ${number(answer.added + answer.changed)}` : "Import")} send=${send}
    />
  `;
  if (isFirst) return html`<${Section} id="import" title="Add students" text="Paste the list from where you keep it, or choose its file.">${field}<//>`;
  return html`
    <section class="section card" id="import">
      <details class="fold"><summary>Import again</summary><p class="aside">By number: who is new is added, who is there is brought up to date, and nobody is removed.</p>${field}</details>
    </section>
  `;
}

function inWords({ added, changed, same, missing }) {
  const parts = [`${number(added)} new`, changed && `${number(changed)} changed`, same && `${number(same)} as before`, missing && `${number(missing)} of the roster not in it (they stay)`];
  return parts.filter(Boolean).join(", ");
}
