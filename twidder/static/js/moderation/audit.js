/** Who did what, where and when; never what was written. */
import { useEffect, useState } from "preact/hooks";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { get } from "../lib/http.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";
import { dayAndClock, full } from "../lib/time.js";
import { nameOf } from "../rooms/names.js";
import { shelved } from "../rooms/shelf.js";

const WORDS = {
  "door.opened": () => "made a guest link",
  "door.closed": () => "closed the door for guests",
  "guest.let_in": (who) => `let ${who} in`,
  "guest.put_out": (who) => `put ${who} out`,
  "member.removed": (who) => `removed ${who}`,
  "member.banned": (who) => `banned ${who}`,
  "member.unbanned": (who) => `lifted the ban of ${who}`,
  "member.role": (who, role) => `made ${who} ${role}`,
  "member.muted": (who, minutes) => (Number(minutes) ? `muted ${who} for ${minutes} min` : `let ${who} write again`),
  "message.deleted": (who) => `deleted a message by ${who}`,
  "report.done": (who) => `settled a report about ${who}`,
  "report.dismissed": (who) => `dismissed a report about ${who}`,
  "report.open": (who) => `opened a report about ${who} again`,
  "role.changed": (who, role) => `made ${who} ${role}`,
};

function words({ action, user, item }) {
  const inWords = WORDS[action] ?? ((who) => `${action.replaceAll(/[._]/g, " ")} ${who}`);
  return inWords(user ? fullName(user) : "", item);
}

/** `rooms`: whether to say in which room it was. */
export function AuditList({ path, rooms = false }) {
  const [items, setItems] = useState(null);
  const [problem, setProblem] = useState(null);
  const load = () => get(path).then((answer) => (setItems(answer.items), setProblem(null)), setProblem);
  useEffect(() => void load(), [path]);
  if (problem) return html`<${Trouble} problem=${problem} again=${load} />`;
  if (!items) return html`<${Skeleton} rows=${2} />`;
  if (!items.length) return html`<${Empty}>Nothing yet.<//>`;
  return html`
    <ul class="audit">
      ${items.map((line) => html`
        <li key=${line.id}>
          <time title=${full(line.at)}>${dayAndClock(line.at)}</time>
          <span><strong>${line.by ? fullName(line.by) : "Twidder"}</strong> <bdi>${words(line)}</bdi>${rooms && line.room && html` · <${Where} id=${line.room} />`}</span>
        </li>
      `)}
    </ul>
  `;
}

function Where({ id }) {
  const room = shelved(id)?.room.value;
  return html`<a href="/rooms/${id}">${room ? nameOf(room) : "another room"}</a>`;
}
