/** The whole page of who came by student number and PIN: Pair-Up, and a way out. */
import { useEffect, useRef } from "preact/hooks";
import { signOut, user } from "../accounts/session.js";
import { Banner } from "../frame/banner.js";
import { Overlays } from "../frame/dialog.js";
import { Tile } from "../frame/tile.js";
import { say } from "../frame/toast.js";
import { announcement } from "../lib/announce.js";
import { html } from "../lib/html.js";
import { go, place } from "../lib/router.js";
import { fullName } from "../lib/text.js";
import { PairUp } from "./list.js";
import { openPin } from "./pin.js";
import { pathOfPairup, rounds } from "./rounds.js";
import { RoundView } from "./view.js";

const leave = () => signOut().catch((problem) => say(`You are still signed in. ${problem.message}`));

export function StudentFrame() {
  const { view, id } = place.value;
  useOnlyRound();
  return html`
    <a class="skip" href="#content">Skip to content</a>
    <div class="frame frame--guest">
      <header class="guest-bar">
        <a class="brand" href="/pairup" title="Your rounds"><${Tile} /><span><bdi>${fullName(user.value)}</bdi></span></a>
        <button class="text-button" type="button" onClick=${openPin}>Change PIN</button>
        <button class="text-button" type="button" onClick=${leave}>Sign out</button>
      </header>
      <${Banner} />
      ${view === "round" ? html`<${RoundView} key=${id} id=${id} />` : html`<${PairUp} />`}
    </div>
    <${Overlays} />
    <div class="visually-hidden" aria-live="polite"><p key=${announcement.value.number}>${announcement.value.text}</p></div>
  `;
}

/** Whoever has one round is led there when they come in. */
function useOnlyRound() {
  const led = useRef(false);
  const known = rounds.value !== null;
  useEffect(() => {
    if (!known || led.current) return;
    led.current = true;
    if (place.value.view === "pairup") go(pathOfPairup.value, { replace: true });
  }, [known]);
}
