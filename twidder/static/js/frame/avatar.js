import { html } from "../lib/html.js";
import { initials } from "../lib/text.js";

const TONES = 8;

export const Avatar = ({ person, size = "medium" }) => html`
  <span class="avatar avatar--${size} tone-${person.id % TONES}" aria-hidden="true">${initials(person)}</span>
`;
