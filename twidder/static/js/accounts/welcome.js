/** The door: what this place is, and the way in. */
import { useEffect, useState } from "preact/hooks";
import { Tile } from "../frame/tile.js";
import { useTitle } from "../frame/title.js";
import { html } from "../lib/html.js";
import { plural } from "../lib/text.js";
import { community, loadCommunity, placeName } from "./community.js";
import { DemoDoor } from "./demo.js";
import { Notice } from "./notice.js";
import { notice } from "./session.js";
import { SignIn } from "./sign-in.js";
import { SignUp } from "./sign-up.js";

/** The left side, shared by every view before the door. */
export function Doorway({ view, title, children }) {
  useTitle(title);
  const here = community.value?.people_here;
  return html`
    <main id="content" class="door" tabindex="-1" data-view=${view}>
      <section class="door__words">
        <div class="brand"><${Tile} /><span>${placeName()}</span></div>
        <h1>Your course, live.</h1>
        <p>Rooms, direct messages and a wall for everybody; what is written is there at once. Runs on this machine; your words stay here.</p>
        ${here > 0 && html`<p class="here"><span class="dot dot--good"></span>${plural(here, "person is", "people are")} here now</p>`}
      </section>
      <section class="door__card card">${children}</section>
    </main>
  `;
}

export function Welcome() {
  useEffect(() => void loadCommunity(), []);
  const { demo, first_run: firstRun, setup_needed: setupNeeded, sign_up: signUp } = community.value ?? {};
  const [chosen, setChosen] = useState(null);
  const tab = chosen ?? (firstRun ? "up" : "in");
  const known = notice.value?.kind === "not_me" ? notice.value.email : undefined;
  return html`
    <${Doorway} view="welcome" title="Sign in">
      <${Notice} />
      ${demo && html`<${DemoDoor} visitor=${demo} />`}
      ${firstRun && !demo && html`<${FirstRun} setupNeeded=${setupNeeded} />`}
      ${!setupNeeded &&
      html`
        <div class="tabs" role="tablist" aria-label="Come in" onKeyDown=${(event) => turn(event, tab, setChosen)}>
          <${Tab} name="in" tab=${tab} choose=${setChosen}>Sign in<//>
          ${signUp !== "closed" && html`<${Tab} name="up" tab=${tab} choose=${setChosen}>Create account<//>`}
        </div>
        <div role="tabpanel" id="panel" aria-labelledby="tab-${tab}">
          ${tab === "in" ? html`<${SignIn} key=${known} email=${known} />` : signUp === "invitation" && !firstRun ? html`<${ByInvitation} />` : html`<${SignUp} />`}
        </div>
      `}
    <//>
  `;
}

const Tab = ({ name, tab, choose, children }) => html`
  <button
    class="tab" type="button" role="tab" id="tab-${name}" aria-selected=${tab === name} aria-controls="panel"
    tabindex=${tab === name ? 0 : -1} onClick=${() => choose(name)}
  >${children}</button>
`;

function turn(event, tab, choose) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const other = event.currentTarget.querySelector(`#tab-${tab === "in" ? "up" : "in"}`);
  if (!other) return;
  choose(tab === "in" ? "up" : "in");
  other.focus();
}

const FirstRun = ({ setupNeeded }) => html`
  <div class="first-run">
    <h2>Nobody is here yet</h2>
    <ol>
      <li>${setupNeeded ? "Open the setup link that the server printed when it started. It makes you the owner." : "Create your account. It makes you the owner."}</li>
      <li>Give the place a name.</li>
      <li>Invite the others by link.</li>
    </ol>
    <p class="aside">Only looking? <code>make run ARGS=--demo</code> shows a place that is busy already, beside this one.</p>
  </div>
`;

const ByInvitation = () => html`<p class="aside">New people come in by invitation. Ask the owner for a link.</p>`;
