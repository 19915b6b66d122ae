import { html } from "../lib/html.js";
import { initials } from "../lib/text.js";

const TONES = 8;

/** Guests have no colour of their own. `here`: with the dot of those who are. */
export const Avatar = ({ person, size = "medium", here = false }) => html`
  <span class="avatar avatar--${size} ${person.guest ? "avatar--guest" : `tone-${person.id % TONES}`}" aria-hidden="true">
    ${initials(person)}${here && html`<span class="avatar__here"></span>`}
  </span>
`;
