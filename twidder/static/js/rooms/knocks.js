/** Guests who wait to be let in. */
import { useEffect, useState } from "preact/hooks";
import { whenKnocked } from "../inbox/notify.js";
import { Avatar } from "../frame/avatar.js";
import { say } from "../frame/toast.js";
import { get, put, remove } from "../lib/http.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";

export function Knocks({ room }) {
  const [waiting, setWaiting] = useState([]);
  const load = () => get(`/rooms/${room.id}/knocks`).then(({ items }) => setWaiting(items), () => {});
  useEffect(() => {
    load();
    return whenKnocked((id) => id === room.id && load());
  }, [room.id, room.members]);
  const answer = (sending) => sending.then(load, (problem) => (load(), say(problem.message)));
  if (!waiting.length) return null;
  return html`
    <section class="knocks" role="status">
      <h2 class="context__title">Knocking</h2>
      ${waiting.map(({ user }) => html`
        <div class="knock" key=${user.id}>
          <${Avatar} person=${user} size="small" /><bdi>${fullName(user)}</bdi>
          <button class="button" type="button" aria-label="Turn ${fullName(user)} away" onClick=${() => answer(remove(`/rooms/${room.id}/guests/${user.id}`))}>No</button>
          <button class="button button--primary" type="button" aria-label="Let ${fullName(user)} in" onClick=${() => answer(put(`/rooms/${room.id}/guests/${user.id}`, {}))}>Let in</button>
        </div>
      `)}
    </section>
  `;
}
