/** A visit is over: why, and what one can do. */
import { notice } from "../accounts/session.js";
import { html } from "../lib/html.js";
import { Porch } from "./door.js";

const WORDS = {
  pass_ended: ["Your visit was ended by the host.", "If you think that was a mistake, ask them for a new link."],
  pass_expired: ["Your visit is over.", "It lasted as long as the pass does. Ask the host for a new link."],
};
const OTHERWISE = ["You left.", "Open the link again to come back."];

export function Gone() {
  const [head, text] = WORDS[notice.value?.kind] ?? OTHERWISE;
  return html`
    <${Porch} title="Goodbye">
      <div role="status"><h2>${head}</h2><p class="aside">${text}</p></div>
      <a class="button button--wide" href="/" onClick=${() => (notice.value = null)}>I have an account</a>
    <//>
  `;
}
