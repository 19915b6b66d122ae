import { html } from "../lib/html.js";
import { Avatar } from "../frame/avatar.js";
import { fullName } from "../lib/text.js";
import { follows } from "./follows.js";

const List = ({ title, people }) => people.length > 0 && html`
  <h2 class="context__title">${title}</h2>
  <ul class="people people--small">
    ${people.map((person) => html`<li key=${person.id}><a class="person" href="/people/${person.id}"><${Avatar} person=${person} /><span class="person__name">${fullName(person)}</span></a></li>`)}
  </ul>
`;

/** Beside the feed: whom I follow, and who follows me. */
export const FollowsLists = () => html`
  <${List} title="You follow" people=${follows.value.following} />
  <${List} title="Following you" people=${follows.value.followers} />
  ${!follows.value.following.length && !follows.value.followers.length && html`<h2 class="context__title">Following you</h2><p class="aside">Nobody yet.</p>`}
`;
