/** My own data, my password, where I am signed in, and the way out. */
import { ConnectionParts } from "../frame/connection.js";
import { Icon } from "../frame/icon.js";
import { Page } from "../frame/page.js";
import { Section } from "../frame/section.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { dayAndClock, full, since } from "../lib/time.js";
import { Notifications } from "../inbox/permission.js";
import { isOffered } from "../inbox/system.js";
import { Handle, Privacy } from "../people/privacy.js";
import { Password } from "./password.js";
import { Profile } from "./profile.js";
import { isStaff } from "./roles.js";
import { session, signOut, user } from "./session.js";
import { Terminal } from "./terminal.js";

export const Account = () => html`
  <${Page} view="account" title="Account">
    <${Section} id="profile" title="Profile" text="Members see your name, e-mail, gender, city and country."><${Profile} /><//>
    <${Section} id="handle" title="Mentions" text="A short name without spaces."><${Handle} /><//>
    <${Section} id="privacy" title="Privacy"><${Privacy} /><//>
    ${isOffered && html`<${Section} id="notifications" title="Notifications" text="While this page is in the background. Each room has its own level."><${Notifications} /><//>`}
    <${Section} id="session" title="Where you are signed in" text="One browser at a time: signing in elsewhere ends it here."><${ThisBrowser} /><//>
    <${Section} id="connection" title="How this page is connected" text="What passes between it and the server, as it passes."><${ConnectionParts} /><//>
    <${Section} id="password" title="Password" text="Longer is safer."><${Password} /><//>
    <${Section} id="terminal" title="Use in a terminal" text="The token of this session, for curl and scripts. Keep it as you keep your password."><${Terminal} /><//>
    ${user.value.role === "owner" && html`<a class="button account__settings" href="/settings"><${Icon} name="settings" size=${16} />Settings of this place</a>`}
    ${isStaff() && html`<a class="button account__settings" href="/moderation"><${Icon} name="shield" size=${16} />Moderation</a>`}
  <//>
`;

function ThisBrowser() {
  const { since: from, agent, expires_at: until } = session.value;
  const leave = () => signOut().catch((problem) => say(`You are still signed in. ${problem.message}`));
  return html`
    <div class="browser">
      <${Icon} name="monitor" size=${20} />
      <div>
        <strong>${agent}</strong>
        <span title=${full(from)}>This browser, since ${since(from)}</span>
        <span title=${full(until)}>Ends by itself ${dayAndClock(until)} if not used</span>
      </div>
      <button class="button" type="button" onClick=${leave}><${Icon} name="log-out" size=${16} />Sign out</button>
    </div>
  `;
}
