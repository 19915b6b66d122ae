/** What the owner of an empty place may do first. */
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";

export const FirstSteps = () => html`
  <section class="first-run card">
    <h2>You are the first one here</h2>
    <ol class="steps">
      <li><span>Create your account</span><span class="steps__done"><${Icon} name="check" size=${16} />Done</span></li>
      <li><span>Give this place a name</span><a class="button" href="/settings#name">Name it</a></li>
      <li><span>Invite the others by link</span><a class="button" href="/settings#invitations">Make a link</a></li>
    </ol>
  </section>
`;
