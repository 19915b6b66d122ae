/** My own wall. */
import { useEffect } from "preact/hooks";
import { user } from "../accounts/session.js";
import { FirstSteps } from "../community/first-steps.js";
import { Page } from "../frame/page.js";
import { Empty } from "../frame/states.js";
import { html } from "../lib/html.js";
import { WallView } from "../walls/view.js";
import { ProfileHeader } from "./header.js";
import { loadPeople, people } from "./list.js";
import { Neighbours } from "./neighbours.js";

export function Home() {
  useEffect(() => void loadPeople(), []);
  const alone = people.value?.length === 1;
  return html`
    <${Page} view="home" title="Home" context=${!alone && html`<${Neighbours} />`}>
      <${ProfileHeader} person=${user.value} />
      ${alone && user.value.role === "owner" && html`<${FirstSteps} />`}
      <${WallView} id=${user.value.id} label="Write on your wall" empty=${alone ? html`<${Blank} />` : html`<${Quiet} />`} />
    <//>
  `;
}

const Blank = () => html`<${Empty}>Nothing on your wall yet. Write the first line.<//>`;

const Quiet = () => html`
  <${Empty} action=${html`<a class="button" href="/browse">Browse people</a>`}>
    Nothing on your wall yet. Write the first line, or see who else is here.
  <//>
`;
