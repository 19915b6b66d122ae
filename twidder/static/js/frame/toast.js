/** One line at the foot of the page for a few seconds, with at most one thing to do about it. */
import { effect, signal } from "@preact/signals";
import { html } from "../lib/html.js";
import { place } from "../lib/router.js";
import { useEscape } from "./keyboard.js";

const SHOWN_FOR = 8_000;
const toast = signal(null);
let timer = null;

/** `path`: where it tells of; who is there has no need of it any more. */
export function say(text, action = null, path = null) {
  clearTimeout(timer);
  toast.value = { text, action, path };
  timer = setTimeout(hush, SHOWN_FOR);
}

function hush() {
  toast.value = null;
}

effect(() => {
  if (toast.value?.path === place.value.path) hush();
});

function Line({ text, action }) {
  useEscape(hush, { last: true });
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
