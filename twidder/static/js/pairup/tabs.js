/** Which parts of a round one sees. */
import { isStaff } from "../accounts/roles.js";
import { html } from "../lib/html.js";
import { DrawTab } from "./draw.js";
import { Queue } from "./queue.js";
import { StaffTab } from "./staff.js";

/** `own`: the views of seats, projects and partners. */
export function tabsOf(round, own) {
  const { mode } = round.round.value;
  const looking = round.looking.value.size;
  const mine = round.mine.value;
  const asked = mine?.invitations.filter(({ receiver }) => receiver.entry === mine.entry.id).length;
  return [
    { key: "seats", words: "Seats", View: own.seats },
    { key: "projects", words: "Projects", View: own.projects },
    { key: "partners", words: asked ? html`Partners <span class="pill" aria-label="${asked} new">${asked}</span>` : looking ? `Partners (${looking})` : "Partners", View: own.partners },
    { key: "queue", words: "Queue", View: Queue },
    mode === "draw" && { key: "draw", words: "Draw", View: DrawTab },
    isStaff() && { key: "staff", words: "Staff", View: StaffTab },
  ].filter(Boolean);
}
