import { html } from "../lib/html.js";

/** A one-time link's page without its secret: reloaded, or opened without it. */
export const UsedUp = () => html`
  <h2>This page needs its whole link.</h2>
  <p class="aside">Open it again from where you got it.</p>
  <a class="button button--wide" href="/home">Go to sign in</a>
`;
