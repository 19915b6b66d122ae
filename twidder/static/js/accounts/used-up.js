import { html } from "../lib/html.js";

/** A one-time link's page without its secret: reloaded, or opened without it. */
export const UsedUp = () => html`
  <h2>Open the link once more</h2>
  <p class="aside">For your safety this page keeps the link’s secret only until it is reloaded. Open the link again from where you got it.</p>
  <a class="button button--wide" href="/home">Go to sign in</a>
`;
