/** Where, by whom, and when. */
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { get } from "../lib/http.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";
import { open } from "../frame/dialog.js";
import { nameOf } from "../rooms/names.js";
import { archived, conversations, rooms } from "../rooms/shelf.js";
import { ChoosePerson } from "./choose-person.js";

export const Filters = ({ filters, change }) => html`
  <div class="filters" role="group" aria-label="Narrow it down">
    <${Where} value=${filters.in} choose=${(value) => change({ in: value })} />
    <${Who} value=${filters.from} choose=${(value) => change({ from: value })} />
    <${Day} label="From" value=${filters.after} choose=${(value) => change({ after: value })} />
    <${Day} label="To" value=${filters.before} choose=${(value) => change({ before: value })} />
  </div>
`;

const Where = ({ value, choose }) => html`
  <select aria-label="Where" value=${value} data-set=${Boolean(value)} onChange=${({ target }) => choose(target.value)}>
    <option value="">Everywhere</option>
    ${[...rooms.value, ...conversations.value, ...archived.value].map((one) => html`<option key=${one.id} value=${one.id}>${nameOf(one.room.value)}</option>`)}
  </select>
`;

function Who({ value, choose }) {
  const [person, setPerson] = useState(null);
  useEffect(() => {
    if (value && String(person?.id) !== value) get(`/users/${value}`).then(setPerson, () => choose(""));
  }, [value]);
  if (!value) return html`<button class="filter-button" type="button" onClick=${() => open(ChoosePerson, { choose: (one) => (setPerson(one), choose(String(one.id))) })}>By anybody</button>`;
  return html`
    <button class="filter-button" type="button" data-set="true" aria-label="By ${person ? fullName(person) : "somebody"}; press for anybody" onClick=${() => choose("")}>
      By ${person ? fullName(person) : "…"}<${Icon} name="x" size=${14} />
    </button>
  `;
}

const Day = ({ label, value, choose }) => html`
  <label class="filter-day" data-set=${Boolean(value)}><span>${label}</span><input type="date" value=${value} onChange=${({ target }) => choose(target.value)} /></label>
`;
