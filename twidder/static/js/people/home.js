/** My own wall. */
import { useEffect } from "preact/hooks";
import { user } from "../accounts/session.js";
import { FirstSteps } from "../community/first-steps.js";
import { Icon } from "../frame/icon.js";
import { Page } from "../frame/page.js";
import { Empty } from "../frame/states.js";
import { html } from "../lib/html.js";
import { wallOf } from "../walls/shelf.js";
import { WallView } from "../walls/view.js";
import { ProfileHeader } from "./header.js";
import { loadPeople, meetAuthors, people } from "./list.js";
import { Neighbours } from "./neighbours.js";

export function Home() {
  const wall = wallOf(user.value.id);
  const [posts, held] = [wall.posts.value, wall.held.value];
  useEffect(keepPeople, []);
  useEffect(() => meetAuthors([...(posts ?? []), ...held]), [posts, held]);
  const alone = people.value?.length === 1;
  return html`
    <${Page} view="home" title="Home" actions=${html`<${Ways} />`} context=${!alone && html`<${Neighbours} />`}>
      <${ProfileHeader} person=${user.value} />
      ${people.value && html`<${FirstSteps} alone=${alone} />`}
      <${WallView} id=${user.value.id} label="Write on your wall" empty=${alone ? html`<${Blank} />` : html`<${Quiet} />`} />
    <//>
  `;
}

/** What the bar at the foot has no place for. */
const Ways = () => html`
  <a class="icon-button bar__narrow" href="/browse" aria-label="Browse people"><${Icon} name="users" /></a>
  <a class="icon-button bar__narrow" href="/following" aria-label="Following"><${Icon} name="rss" /></a>
  <a class="icon-button bar__narrow" href="/search" aria-label="Search"><${Icon} name="search" /></a>
`;

/** Loaded now, and again whenever the page is looked at. */
function keepPeople() {
  const look = () => document.hidden || loadPeople();
  loadPeople();
  document.addEventListener("visibilitychange", look);
  return () => document.removeEventListener("visibilitychange", look);
}

const Blank = () => html`<${Empty}>Nothing on your wall yet. Write the first line.<//>`;

const Quiet = () => html`
  <${Empty} action=${html`<a class="button" href="/browse">Browse people</a>`}>
    Nothing on your wall yet. Write the first line, or see who else is here.
  <//>
`;
