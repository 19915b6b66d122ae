/** Somebody's page: who they are, and their wall. */
import { useEffect, useState } from "preact/hooks";
import { user } from "../accounts/session.js";
import { ResetLink } from "../community/links.js";
import { message } from "../direct/start.js";
import { Icon } from "../frame/icon.js";
import { Page } from "../frame/page.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { get } from "../lib/http.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";
import { report } from "../moderation/report.js";
import { WallView } from "../walls/view.js";
import { FollowButton } from "./follow-button.js";
import { ProfileHeader } from "./header.js";
import { Role } from "./role.js";

export function Person({ id }) {
  const [person, setPerson] = useState(null);
  const [problem, setProblem] = useState(null);
  const load = () => {
    setProblem(null);
    get(`/users/${id}`).then(setPerson, setProblem);
  };
  useEffect(load, []);

  if (!person) {
    return html`<${Page} view="person" title="Person" back="/browse" context=${problem ? undefined : null}>
      ${!problem && html`<${Skeleton} rows=${3} />`}
      ${problem && (problem.status === 404 ? html`<${Gone} />` : html`<${Trouble} problem=${problem} again=${load} />`)}
    <//>`;
  }
  return html`
    <${Page} view="person" title=${fullName(person)} back="/browse" contextLabel="About" context=${html`<${About} person=${person} />`}>
      <${ProfileHeader} person=${person}>${id !== user.value.id && html`<${Acts} person=${person} />`}<//>
      <${WallView}
        id=${id} label="Write on ${person.firstname}’s wall"
        empty=${html`<${Empty}>Nothing on ${person.firstname}’s wall yet. Say hello.<//>`}
      />
    <//>
  `;
}

const Acts = ({ person }) => html`
  <div class="profile__acts">
    <${FollowButton} person=${person} />
    <button class="button button--pill" type="button" onClick=${() => message(person)}><${Icon} name="message-circle" size=${16} />Message</button>
  </div>
`;

const Gone = () => html`<${Empty} action=${html`<a class="button" href="/browse">Browse people</a>`}>This person is not here.<//>`;

const About = ({ person }) => html`
  <h2 class="context__title">About</h2>
  <dl class="facts">
    ${person.handle && html`<dt>Handle</dt><dd>@${person.handle}</dd>`}
    <dt>City</dt><dd>${person.city}</dd>
    <dt>Country</dt><dd>${person.country}</dd>
    <dt>Gender</dt><dd>${person.gender}</dd>
    <dt>E-mail</dt><dd><a href="mailto:${person.email}">${person.email}</a></dd>
  </dl>
  ${person.id !== user.value.id && html`<button class="text-button" type="button" onClick=${() => report({ user: person.id })}>Report ${person.firstname} to the staff</button>`}
  ${user.value.role === "owner" && person.id !== user.value.id && html`<${Role} person=${person} />`}
  ${user.value.role === "owner" && person.id !== user.value.id && html`<${ResetLink} person=${person} />`}
`;
