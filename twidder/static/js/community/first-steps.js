/** What the owner of a new place may do first: until it has a name and a second person, or until it is hidden. */
import { useState } from "preact/hooks";
import { community } from "../accounts/community.js";
import { user } from "../accounts/session.js";
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";

const UNNAMED = "Twidder";
const key = () => `twidder.first-steps.${user.value.id}`;

export function FirstSteps({ alone }) {
  const [hidden, setHidden] = useState(() => localStorage.getItem(key()) === "hidden");
  const named = community.value?.name !== UNNAMED;
  if (hidden || !community.value || user.value.role !== "owner" || (named && !alone)) return null;
  const hide = () => {
    localStorage.setItem(key(), "hidden");
    setHidden(true);
  };
  return html`
    <section class="first-run card">
      <header class="first-run__head">
        <h2>${alone ? "You are the first one here" : "First steps"}</h2>
        <button class="text-button" type="button" aria-label="Hide the first steps" onClick=${hide}>Hide</button>
      </header>
      <ol class="steps">
        <${Step} text="Create your account" done />
        <${Step} text="Give this place a name" done=${named} href="/settings#name" action="Name it" />
        <${Step} text="Invite the others by link" done=${!alone} href="/settings#invitations" action="Make a link" />
      </ol>
    </section>
  `;
}

const Step = ({ text, done, href, action }) => html`
  <li>
    <span>${text}</span>
    ${done
      ? html`<span class="steps__done"><${Icon} name="check" size=${16} />Done</span>`
      : html`<a class="button" href=${href}>${action}</a>`}
  </li>
`;
