import { Avatar } from "../frame/avatar.js";
import { html } from "../lib/html.js";
import { fullName, place } from "../lib/text.js";

export const PersonRow = ({ person }) => html`
  <li>
    <a class="person" href="/people/${person.id}">
      <${Avatar} person=${person} />
      <span class="person__name">${fullName(person)}</span>
      <span class="person__place">${place(person)}</span>
    </a>
  </li>
`;
