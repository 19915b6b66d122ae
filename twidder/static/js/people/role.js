/** The owner makes somebody staff, or a member again. */
import { useState } from "preact/hooks";
import { say } from "../frame/toast.js";
import { patch } from "../lib/http.js";
import { html } from "../lib/html.js";

export function Role({ person }) {
  const [role, setRole] = useState(person.role);
  if (role === "owner") return null;
  const other = role === "staff" ? "member" : "staff";
  const change = () => patch(`/users/${person.id}`, { role: other }).then(() => (setRole(other), say("Saved")), (problem) => say(problem.message));
  return html`
    <h2 class="context__title">Role</h2>
    <p class="aside">${role === "staff" ? "Staff: sees reports and the audit log, and looks after every open room." : "A member."}</p>
    <button class="button" type="button" onClick=${change}>${role === "staff" ? "Make a member" : "Make staff"}</button>
  `;
}
