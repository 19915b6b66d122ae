import { html } from "../lib/html.js";
import { allow, permission, silence } from "./system.js";

/** The browser is asked only when this button is pressed. */
export function Notifications() {
  if (permission.value === "denied") return html`<p class="aside">Your browser does not allow this page to notify you. You can change that in its settings.</p>`;
  if (permission.value === "granted") return html`<p>On in this browser.</p><button class="button" type="button" onClick=${silence}>Turn off</button>`;
  return html`<button class="button" type="button" onClick=${allow}>Turn on notifications</button>`;
}
