/** Somebody's page: who they are, and their wall. */
import { useEffect, useState } from "preact/hooks";
import { user } from "../accounts/session.js";
import { ResetLink } from "../community/links.js";
import { Page } from "../frame/page.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { get } from "../lib/http.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";
import { WallView } from "../walls/view.js";
import { ProfileHeader } from "./header.js";

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
      <${ProfileHeader} person=${person} />
      <${WallView}
        id=${id} label="Write on ${person.firstname}’s wall"
        empty=${html`<${Empty}>Nothing on ${person.firstname}’s wall yet. Say hello.<//>`}
      />
    <//>
  `;
}

const Gone = () => html`<${Empty} action=${html`<a class="button" href="/browse">Browse people</a>`}>This person is not here.<//>`;

const About = ({ person }) => html`
  <h2 class="context__title">About</h2>
  <dl class="facts">
    <dt>City</dt><dd>${person.city}</dd>
    <dt>Country</dt><dd>${person.country}</dd>
    <dt>Gender</dt><dd>${person.gender}</dd>
    <dt>E-mail</dt><dd><a href="mailto:${person.email}">${person.email}</a></dd>
  </dl>
  ${user.value.role === "owner" && person.id !== user.value.id && html`<${ResetLink} person=${person} />`}
`;
