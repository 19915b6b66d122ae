/** Which view is shown: by who is signed in, and by the address. */
import { useEffect } from "preact/hooks";
import { Account } from "../accounts/account.js";
import { Invited } from "../accounts/invited.js";
import { Reset } from "../accounts/reset.js";
import { notice, phase, unreachable, user } from "../accounts/session.js";
import { Welcome } from "../accounts/welcome.js";
import { Boards } from "../boards/list.js";
import { PublicBoard } from "../boards/public.js";
import { BoardView } from "../boards/view.js";
import { Settings } from "../community/settings.js";
import { GuestDoor } from "../guests/door.js";
import { GuestFrame } from "../guests/frame.js";
import { Gone } from "../guests/gone.js";
import "../inbox/notify.js";
import "../inbox/seen.js";
import { Inbox } from "../inbox/view.js";
import { announcement } from "../lib/announce.js";
import { html } from "../lib/html.js";
import { place } from "../lib/router.js";
import { Moderation } from "../moderation/view.js";
import { Claim } from "../pairup/claim.js";
import { PairUp } from "../pairup/list.js";
import { StudentFrame } from "../pairup/student-frame.js";
import { RoundView } from "../pairup/view.js";
import { Browse } from "../people/browse.js";
import { Following } from "../people/following.js";
import { Home } from "../people/home.js";
import { Person } from "../people/person.js";
import { Rooms } from "../rooms/list.js";
import { RoomView } from "../rooms/view.js";
import { Search } from "../search/view.js";
import { Sensor } from "../sensor/view.js";
import { Banner } from "./banner.js";
import { Overlays } from "./dialog.js";
import { Nowhere, NowhereOutside } from "./nowhere.js";
import { BottomBar, Rail } from "./rail.js";
import { Skeleton } from "./states.js";
import "./switcher.js";
import { Toast } from "./toast.js";
import { Wire } from "./wire.js";

/** Behind links with a secret: shown to anybody. */
const DOORS = { reset: Reset, join: Invited, setup: Invited, guest: GuestDoor, public: PublicBoard, sensor: Sensor, claim: Claim };
const VIEWS = {
  home: Home,
  rooms: Rooms,
  room: RoomView,
  dm: RoomView,
  boards: Boards,
  board: BoardView,
  inbox: Inbox,
  following: Following,
  search: Search,
  browse: Browse,
  person: Person,
  account: Account,
  settings: Settings,
  moderation: Moderation,
  wire: Wire,
  pairup: PairUp,
  round: RoundView,
  nowhere: Nowhere,
};

/** These have something beside them. */
const BESIDE = new Set(["home", "person", "room", "dm", "following", "round"]);

export function App() {
  const { view, id, path, hash } = place.value;
  useEffect(() => focusContent(hash), [path, hash, phase.value]);
  const Door = DOORS[view];
  if (Door) return html`<${Door} key=${path} view=${view} /><${Toast} />`;
  if (phase.value === "starting") return html`<${Starting} beside=${BESIDE.has(view)} />`;
  if (user.value?.guest) return html`<${GuestFrame} />`;
  if (user.value?.student) return html`<${StudentFrame} />`;
  if (phase.value === "out" && isGuestGone()) return html`<${Gone} /><${Toast} />`;
  if (phase.value === "out" && view === "nowhere" && !notice.value) return html`<${NowhereOutside} />`;
  if (phase.value === "out") return html`<${Welcome} /><${Toast} />`;
  return html`<${Frame} view=${view} id=${id} />`;
}

const isGuestGone = () => notice.value?.guest || notice.value?.kind.startsWith("pass_");

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
  <${Overlays} />
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
