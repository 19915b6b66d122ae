/** The queue at the lab: a team says that it is ready or needs help, staff call the next one. */
import { isStaff } from "../accounts/roles.js";
import { Empty } from "../frame/states.js";
import { html } from "../lib/html.js";
import { StaffQueue } from "./queue-staff.js";
import { TeamQueue } from "./queue-team.js";

/** `round`: the open round, as `openRound` gives it. */
export function Queue({ round: model }) {
  if (!model.labs.value.length) return html`<${Empty}>There are no labs yet, so nobody can wait in one.<//>`;
  return html`
    <div class="queue">
      ${model.mine.value && html`<${TeamQueue} model=${model} />`}
      ${isStaff() && html`<${StaffQueue} model=${model} />`}
    </div>
  `;
}
