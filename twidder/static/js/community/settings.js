/** The owner's: the name of the place, who may come in, and invitations. */
import { changeCommunity, community } from "../accounts/community.js";
import { user } from "../accounts/session.js";
import { Field, Form, Submit } from "../frame/field.js";
import { Page } from "../frame/page.js";
import { Section } from "../frame/section.js";
import { Empty, Skeleton } from "../frame/states.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { Invitation } from "./links.js";

const POLICIES = [
  ["open", "Open", "Anybody who reaches this page may create an account."],
  ["invitation", "By invitation", "Only people with a link from you."],
  ["closed", "Closed", "Nobody new."],
];

export const Settings = () => html`
  <${Page} view="settings" title="Settings" back="/account">
    ${user.value.role !== "owner" && html`<${Empty} action=${html`<a class="button" href="/account">Your account</a>`}>These belong to the owner of this place.<//>`}
    ${user.value.role === "owner" && (community.value ? html`<${Owners} />` : html`<${Skeleton} rows=${3} />`)}
  <//>
`;

const Owners = () => html`
  <${Section} id="name" title="Name of this place" text="Shown at the top of every page."><${Name} /><//>
  <${Section} id="policy" title="Who may come in"><${Policy} /><//>
  <${Section} id="invitations" title="Invitation" text="A link lets one person create an account, once, within a week; not while it is closed."><${Invitation} /><//>
`;

function Name() {
  const form = useForm({
    start: { name: community.value.name },
    check: ({ name }) => (name.trim() ? {} : { name: "Write a name." }),
    send: async ({ name }) => {
      await changeCommunity({ name: name.trim() });
      say("Name saved");
    },
  });
  return html`
    <${Form} form=${form}>
      <${Field} form=${form} name="name" label="Name" maxlength="64" autocomplete="off" />
      <${Submit} form=${form}>Save name<//>
    <//>
  `;
}

/** Each choice is saved as it is made. */
function Policy() {
  const { sign_up: policy, people_here: here } = community.value;
  const change = (changes) => changeCommunity(changes).then(() => say("Saved"), (problem) => say(`Not saved. ${problem.message}`));
  return html`
    <fieldset class="choices">
      <legend class="visually-hidden">Who may create an account</legend>
      ${POLICIES.map(([value, title, text]) => html`
        <label class="choice" key=${value}>
          <input type="radio" name="sign_up" value=${value} checked=${policy === value} onChange=${() => change({ sign_up: value })} />
          <span><strong>${title}</strong><span>${text}</span></span>
        </label>
      `)}
    </fieldset>
    <label class="choice choice--apart">
      <input type="checkbox" checked=${here !== null} onChange=${({ target }) => change({ show_people_here: target.checked })} />
      <span><strong>Show how many are here</strong><span>A number on the welcome page, never names.</span></span>
    </label>
  `;
}
