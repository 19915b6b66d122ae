/** One-time links the owner hands out: shown once, as text and as a picture for a phone. */
import { useState } from "preact/hooks";
import { Copyable } from "../frame/copy.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { dayAndClock } from "../lib/time.js";
import { Qr } from "./qr.js";

const HERE_ONLY = new Set(["localhost", "127.0.0.1", "[::1]"]);
export const worksHereOnly = (url) => HERE_ONLY.has(new URL(url).hostname);

function LinkMaker({ path, button, label }) {
  const [link, setLink] = useState(null);
  const [problem, setProblem] = useState(null);
  const make = () => post(path).then((made) => (setLink(made), setProblem(null)), setProblem);
  return html`
    <button class="button" type="button" onClick=${make}>${link ? "Make another" : button}</button>
    ${problem && html`<p class="form__error" role="alert">${problem.message}</p>`}
    ${link &&
    html`<div class="link">
      <${Copyable} text=${link.url} label=${label} />
      <p class="aside">For one person. Good until ${dayAndClock(link.expires_at)}.</p>
      ${worksHereOnly(link.url) ? html`<${HereOnly} />` : html`<${Qr} rows=${link.qr} label="${label} as a QR code" />`}
    </div>`}
  `;
}

export const HereOnly = () => html`
  <p class="aside">
    This link works on this computer only. To invite others, start Twidder with its public address (see “Running it for others”).
  </p>
`;

export const Invitation = () => html`<${LinkMaker} path="/invitations" button="Make an invitation link" label="Invitation link" />`;

export const ResetLink = ({ person }) => html`
  <h2 class="context__title">Forgotten password</h2>
  <p class="aside">Hand ${person.firstname} a link to choose a new one.</p>
  <${LinkMaker} path="/users/${person.id}/reset-link" button="Make a reset link" label="Reset link" />
`;
