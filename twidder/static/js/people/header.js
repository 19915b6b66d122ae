import { Avatar } from "../frame/avatar.js";
import { html } from "../lib/html.js";
import { fullName, place } from "../lib/text.js";
import { month } from "../lib/time.js";

export const ProfileHeader = ({ person, children }) => html`
  <header class="profile">
    <${Avatar} person=${person} size="large" />
    <div>
      <h2>${fullName(person)}</h2>
      <p><span>${place(person)}</span><span>Member since ${month(person.created_at)}</span></p>
      ${children}
    </div>
  </header>
`;
