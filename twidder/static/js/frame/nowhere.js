/** An address that leads to no view. */
import { Doorway } from "../accounts/welcome.js";
import { html } from "../lib/html.js";
import { Page } from "./page.js";
import { Empty } from "./states.js";

const TITLE = "No page here";

export const Nowhere = () => html`
  <${Page} view="nowhere" title=${TITLE} back="/home">
    <${Empty} action=${html`<a class="button" href="/home">Go home</a>`}>There is no page at this address.<//>
  <//>
`;

export const NowhereOutside = () => html`
  <${Doorway} view="nowhere" title=${TITLE}>
    <h2>There is no page at this address.</h2>
    <a class="button button--primary button--wide" href="/">Go to sign in</a>
  <//>
`;
