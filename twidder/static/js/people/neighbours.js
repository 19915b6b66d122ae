/** Beside Home, where there is room: how many are here, and a few of the people. */
import { useEffect } from "preact/hooks";
import { community, loadCommunity } from "../accounts/community.js";
import { html } from "../lib/html.js";
import { plural } from "../lib/text.js";
import { people } from "./list.js";
import { PersonRow } from "./row.js";

const SHOWN = 8;

export function Neighbours() {
  useEffect(() => void loadCommunity(), []);
  const shown = people.value?.slice(0, SHOWN) ?? [];
  const here = community.value?.people_here;
  return html`
    ${here > 1 && html`<p class="here"><span class="dot dot--good"></span>${plural(here, "person is", "people are")} here now</p>`}
    ${shown.length > 1 &&
    html`
      <h2 class="context__title">Everybody</h2>
      <ul class="people people--small">${shown.map((person) => html`<${PersonRow} key=${person.id} person=${person} />`)}</ul>
      <a class="context__more" href="/browse">Browse people</a>
    `}
  `;
}
