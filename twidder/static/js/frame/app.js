/** Which view is shown: by who is signed in, and by the address. */
import { useEffect } from "preact/hooks";
import { Account } from "../accounts/account.js";
import { Invited } from "../accounts/invited.js";
import { Reset } from "../accounts/reset.js";
import { notice, phase, unreachable } from "../accounts/session.js";
import { Welcome } from "../accounts/welcome.js";
import { Settings } from "../community/settings.js";
import { announcement } from "../lib/announce.js";
import { html } from "../lib/html.js";
import { place } from "../lib/router.js";
import { Browse } from "../people/browse.js";
import { Home } from "../people/home.js";
import { Person } from "../people/person.js";
import { Banner } from "./banner.js";
import { Nowhere, NowhereOutside } from "./nowhere.js";
import { BottomBar, Rail } from "./rail.js";
import { Skeleton } from "./states.js";
import { Toast } from "./toast.js";

/** Behind one-time links: shown to anybody. */
const DOORS = { reset: Reset, join: Invited, setup: Invited };
const VIEWS = { home: Home, browse: Browse, person: Person, account: Account, settings: Settings, nowhere: Nowhere };

/** These have something beside them. */
const BESIDE = new Set(["home", "person"]);

export function App() {
  const { view, id, path, hash } = place.value;
  useEffect(() => focusContent(hash), [path, hash, phase.value]);
  const Door = DOORS[view];
  if (Door) return html`<${Door} key=${path} view=${view} /><${Toast} />`;
  if (phase.value === "starting") return html`<${Starting} beside=${BESIDE.has(view)} />`;
  if (phase.value === "out" && view === "nowhere" && !notice.value) return html`<${NowhereOutside} />`;
  if (phase.value === "out") return html`<${Welcome} /><${Toast} />`;
  return html`<${Frame} view=${view} id=${id} />`;
}

const Starting = ({ beside }) => html`
  <div class="frame starting">
    <div class="rail"></div>
    <div class="banners" role="status">
      ${unreachable.value && html`<p class="banner"><span class="dot dot--warn"></span>The server does not answer yet. Trying again by itself.</p>`}
    </div>
    <main id="content" class="page" data-beside=${beside}><div class="page__content"><${Skeleton} rows=${3} /></div></main>
  </div>
`;

const Frame = ({ view, id }) => html`
  <a class="skip" href="#content">Skip to content</a>
  <div class="frame">
    <${Rail} />
    <${Banner} />
    <${VIEWS[view]} key="${view}/${id}" id=${id} />
    <${BottomBar} />
  </div>
  <${Toast} />
  <div class="visually-hidden" aria-live="polite"><p key=${announcement.value.number}>${announcement.value.text}</p></div>
`;

/** After a step to another view the keyboard starts there: in the part named by the hash, or where a field took it. */
function focusContent(hash) {
  const main = document.getElementById("content");
  const part = hash.length > 1 ? document.getElementById(hash.slice(1)) : null;
  if (part && part !== main) {
    part.scrollIntoView();
    part.querySelector("input:not([tabindex])")?.focus();
  } else if (part || !main.contains(document.activeElement)) {
    main.focus({ preventScroll: true });
  }
}
