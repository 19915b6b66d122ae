import { useEffect, useState } from "preact/hooks";
import { say } from "../frame/toast.js";
import { get, remove } from "../lib/http.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";

/** Who may not enter, with the way back. Nothing while there is nobody. */
export function Bans({ room }) {
  const [banned, setBanned] = useState([]);
  const load = () => get(`/rooms/${room.id}/bans`).then(({ items }) => setBanned(items), () => {});
  useEffect(() => void load(), []);
  const lift = (person) => remove(`/rooms/${room.id}/bans/${person.id}`).then(load, (problem) => say(problem.message));
  if (!banned.length) return null;
  return html`
    <section class="part">
      <h3>Banned</h3>
      <ul class="members">
        ${banned.map((one) => one.user ?? one).map((person) => html`
          <li class="member" key=${person.id}><span class="member__name">${fullName(person)}</span><button class="button" type="button" onClick=${() => lift(person)}>Lift ban</button></li>
        `)}
      </ul>
    </section>
  `;
}
