/**
 * One view inside the frame: its bar, its content, and what stands beside it (a sheet where there is no room).
 * A `context` that is there but empty keeps its place; as a function it is given how the sheet is closed. `lead`: a glyph before the title · `note`: a line beside it ·
 * `status`: under the title of a narrow window · `actions`: buttons at the bar's end · `fill`: the content has the height of the window and scrolls by itself.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { memberId, user } from "../accounts/session.js";
import { html } from "../lib/html.js";
import { place } from "../lib/router.js";
import { fullName } from "../lib/text.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icon.js";
import { useEscape } from "./keyboard.js";
import { useTitle } from "./title.js";

export function Page({ view, title, lead, note, status, actions, back, context, contextLabel = "People", fill = false, children }) {
  const [sheet, setSheet] = useState(false);
  const closeSheet = () => setSheet(false);
  useTitle(title);
  return html`
    <main id="content" class="page" tabindex="-1" data-view=${view} data-beside=${context !== undefined} data-fill=${fill}>
      <header class="bar">
        ${back && html`<a class="icon-button bar__back" href=${back} aria-label="Back"><${Icon} name="arrow-left" /></a>`}
        <div class="bar__title">
          <h1>${lead}<bdi>${title}</bdi></h1>
          ${status && html`<p class="bar__status">${status}</p>`}
        </div>
        ${note && html`<p class="bar__note" title=${typeof note === "string" ? note : undefined}>${note}</p>`}
        ${actions && html`<div class="bar__actions">${actions}</div>`}
        ${context && html`<button class="button button--pill bar__sheet" type="button" aria-expanded=${sheet} onClick=${() => setSheet(!sheet)}><${Icon} name="users" size=${16} /><span>${contextLabel}</span></button>`}
        ${!back && memberId.value !== null && html`<a class="bar__me" href="/account" aria-label="Account, ${fullName(user.value)}"><${Avatar} person=${user.value} size="small" /></a>`}
      </header>
      ${fill ? children : html`<div class="page__content">${children}</div>`}
    </main>
    ${context && html`<${Context} key=${place.value.path} label=${contextLabel} open=${sheet} close=${closeSheet}>${typeof context === "function" ? context(closeSheet) : context}<//>`}
  `;
}

const Context = ({ label, open, close, children }) => html`
  <aside class="context" data-open=${open} aria-label=${label}>
    ${open && html`<${Close} close=${close} />`}
    ${children}
  </aside>
`;

function Close({ close }) {
  const button = useRef(null);
  useEscape(close);
  useEffect(() => button.current.focus(), []);
  return html`<button ref=${button} class="icon-button context__close" type="button" aria-label="Close" onClick=${close}><${Icon} name="x" /></button>`;
}
