/** Beside a room: who is here, one entry for each person however many windows they have. */
import { Avatar } from "../frame/avatar.js";
import { html } from "../lib/html.js";
import { fullName, number, plural } from "../lib/text.js";
import { ago } from "../lib/time.js";

const SHOWN = 50;

export function Here({ room }) {
  const presence = room.presence.value;
  if (!presence || room.room.value.kind === "dm") return null;
  const shown = presence.here.slice(0, SHOWN);
  const more = presence.count - shown.length;
  return html`
    <section class="here-now" aria-label="Here now">
      <h2 class="context__title here-now__title">Here now<span>${number(presence.count)}</span></h2>
      <ul>${shown.map((person) => html`<${One} key=${person.id} person=${person} mark=${markOf(room, person)} />`)}</ul>
      ${more > 0 && html`<p class="aside">and ${plural(more, "other", "others")}</p>`}
    </section>
  `;
}

function markOf(room, { id, guest, staff }) {
  if (room.typists.people.value.some((one) => one.id === id)) return "typing";
  if (guest) return "guest";
  const came = room.cameAt.get(id);
  if (came && ago(came) === "just now") return "just now";
  return staff ? "staff" : "";
}

const One = ({ person, mark }) => html`
  <li class="here-now__person">
    <${Avatar} person=${person} size="small" />
    ${person.guest ? html`<bdi>${fullName(person)}</bdi>` : html`<a href="/people/${person.id}"><bdi>${fullName(person)}</bdi></a>`}
    <span class="aside">${mark}</span>
  </li>
`;
