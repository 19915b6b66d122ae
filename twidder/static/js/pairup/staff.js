/** The staff's part of a round: what is still missing, its teams, its roster, its labs, and what was done. */
import { Icon } from "../frame/icon.js";
import { Skeleton, Trouble } from "../frame/states.js";
import { html } from "../lib/html.js";
import { place } from "../lib/router.js";
import { LabsPart } from "./labs-edit.js";
import { RosterPart } from "./roster.js";
import { AuditPart } from "./staff-audit.js";
import { openSettings } from "./staff-settings.js";
import { pathOf, useStaffSide } from "./staff-side.js";
import { Steps } from "./staff-steps.js";
import { TeamsPart } from "./staff-teams.js";

const PARTS = { teams: ["Teams", TeamsPart], roster: ["Roster", RosterPart], labs: ["Labs", LabsPart], audit: ["What was done", AuditPart] };

/** `round`: the open round, as `openRound` gives it. */
export function StaffTab({ round: model }) {
  const side = useStaffSide(model);
  const asked = place.value.query.get("part");
  const part = asked in PARTS ? asked : "teams";
  const [, Part] = PARTS[part];
  const { id } = model.round.value;
  return html`
    <div class="staff">
      <nav class="staff__parts" aria-label="Staff">
        ${Object.entries(PARTS).map(([key, [label]]) => html`<a key=${key} class="staff__part" href=${pathOf(id, key)} aria-current=${key === part ? "page" : undefined}>${label}</a>`)}
        <button class="button button--pill" type="button" onClick=${() => openSettings(model.round.value, model.teams.value.size > 0)}><${Icon} name="settings" size=${16} /><span>Settings</span></button>
      </nav>
      ${side.problem.value && html`<${Trouble} problem=${side.problem.value} again=${side.load} />`}
      ${side.overview.value && side.entries.value
        ? html`
            ${part === "teams" && html`<${Steps} model=${model} side=${side} />`}
            <${Part} key=${part} model=${model} side=${side} />
          `
        : !side.problem.value && html`<${Skeleton} rows=${3} />`}
    </div>
  `;
}
