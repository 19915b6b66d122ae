/** Beside Home, where there is room: how many are here, and a few of the people. */
import { useEffect } from "preact/hooks";
import { user } from "../accounts/session.js";
import { community, loadCommunity } from "../accounts/community.js";
import { html } from "../lib/html.js";
import { plural } from "../lib/text.js";
import { people } from "./list.js";
import { PersonRow } from "./row.js";

const SHOWN = 8;

export function Neighbours() {
  useEffect(() => void loadCommunity(), []);
  const others = people.value?.filter(({ id }) => id !== user.value.id).slice(0, SHOWN) ?? [];
  const here = community.value?.people_here;
  return html`
    ${here > 1 && html`<p class="here"><span class="dot dot--good"></span>${plural(here, "person is", "people are")} here now</p>`}
    ${others.length > 0 &&
    html`
      <h2 class="context__title">People</h2>
      <ul class="people people--small">${others.map((person) => html`<${PersonRow} key=${person.id} person=${person} />`)}</ul>
      <a class="context__more" href="/browse">Browse everybody</a>
    `}
  `;
}
