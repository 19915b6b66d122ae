/** Behind an invitation (/join) and behind the setup link of a new place (/setup). */
import { useState } from "preact/hooks";
import { html } from "../lib/html.js";
import { heldSecret } from "../lib/secret.js";
import { fullName } from "../lib/text.js";
import { placeName } from "./community.js";
import { phase, user } from "./session.js";
import { SignUp } from "./sign-up.js";
import { UsedUp } from "./used-up.js";
import { Doorway } from "./welcome.js";

const WORDS = {
  join: { title: "Join", head: () => `You are invited to ${placeName()}`, text: "Create your account and come in.", submit: "Join" },
  setup: { title: "Set up", head: () => "Set up this place", text: "The first account is the owner’s: it names the place and invites the others.", submit: "Create the owner’s account" },
};

export function Invited({ view }) {
  const [secret] = useState(heldSecret);
  const { title, head, text, submit } = WORDS[view];
  if (phase.value === "in") return html`<${Doorway} view=${view} title=${title}><${Already} /><//>`;
  if (!secret) return html`<${Doorway} view=${view} title=${title}><${UsedUp} /><//>`;
  return html`
    <${Doorway} view=${view} title=${title}>
      <h2>${head()}</h2>
      <p class="aside">${text}</p>
      <${SignUp} link=${secret} submit=${submit} />
    <//>
  `;
}

const Already = () => html`
  <h2>You are in already</h2>
  <p class="aside">This browser is signed in as ${fullName(user.value)}.</p>
  <a class="button button--primary button--wide" href="/home">Go to your wall</a>
`;
