/** What stands where content is not: still loading (after 300 ms, by CSS), none there, or not to be had. */
import { html } from "../lib/html.js";

export const Skeleton = ({ rows }) => html`
  <div class="skeleton" aria-hidden="true">
    ${Array.from({ length: rows }, () => html`<div class="skeleton__row"><span></span><span></span><span></span></div>`)}
  </div>
`;

export const Empty = ({ children, action }) => html`<div class="empty"><p>${children}</p>${action}</div>`;

export const Trouble = ({ problem, again }) => html`
  <div class="empty" role="alert">
    <p>${problem.message}</p>
    ${problem.status !== 404 && html`<button class="button" type="button" onClick=${again}>Try again</button>`}
  </div>
`;
