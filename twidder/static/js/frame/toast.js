/** One line at the foot of the page for a few seconds, with at most one thing to do about it. */
import { signal } from "@preact/signals";
import { html } from "../lib/html.js";
import { useEscape } from "./keyboard.js";

const SHOWN_FOR = 8_000;
const toast = signal(null);
let timer = null;

export function say(text, action = null) {
  clearTimeout(timer);
  toast.value = { text, action };
  timer = setTimeout(hush, SHOWN_FOR);
}

function hush() {
  toast.value = null;
}

function Line({ text, action }) {
  useEscape(hush);
  const act = () => {
    hush();
    action.run();
  };
  return html`
    <div class="toast">
      <span>${text}</span>
      ${action && html`<span aria-hidden="true">·</span><button class="toast__action" type="button" onClick=${act}>${action.label}</button>`}
    </div>
  `;
}

export const Toast = () => html`
  <div class="toasts" role="status">${toast.value && html`<${Line} ...${toast.value} />`}</div>
`;
