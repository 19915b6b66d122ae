/** The ways through the house: a rail at the side, or a bar at the foot of a narrow window. */
import { placeName } from "../accounts/community.js";
import { session, user } from "../accounts/session.js";
import { html } from "../lib/html.js";
import { place } from "../lib/router.js";
import { fullName } from "../lib/text.js";
import { since } from "../lib/time.js";
import { unreadOn } from "../walls/unread.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icon.js";
import { Tile } from "./tile.js";

function Item({ view, href, icon, children, count }) {
  const current = place.value.view === view;
  return html`
    <a class="rail__item" href=${href} aria-current=${current ? "page" : undefined}>
      <${Icon} name=${icon} /><span>${children}</span>
      ${count > 0 && html`<span class="pill" aria-label="${count} new">${count}</span>`}
    </a>
  `;
}

export const Rail = () => html`
  <nav class="rail" aria-label="Main">
    <div class="brand"><${Tile} /><span title=${placeName()}>${placeName()}</span></div>
    <${Item} view="home" href="/home" icon="home" count=${unreadOn(user.value.id)}>Home<//>
    <${Item} view="browse" href="/browse" icon="search">Browse<//>
    ${user.value.role === "owner" && html`<${Item} view="settings" href="/settings" icon="settings">Settings<//>`}
    <a class="rail__me" href="/account" aria-current=${place.value.view === "account" ? "page" : undefined} aria-label="Account, ${fullName(user.value)}">
      <${Avatar} person=${user.value} />
      <span><strong>${fullName(user.value)}</strong><span>This browser, since ${since(session.value.since)}</span></span>
    </a>
  </nav>
`;

export const BottomBar = () => html`
  <nav class="bottom" aria-label="Main">
    <${Item} view="home" href="/home" icon="home" count=${unreadOn(user.value.id)}>Home<//>
    <${Item} view="browse" href="/browse" icon="search">Browse<//>
    <${Item} view="account" href="/account" icon="user">Account<//>
  </nav>
`;
