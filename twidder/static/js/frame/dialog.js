/** What asks for a moment of its own: one native dialog at a time, above everything. Esc or a press beside it closes. */
import { signal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { html } from "../lib/html.js";
import { Icon } from "./icon.js";
import { useEscape } from "./keyboard.js";
import { Toast } from "./toast.js";

const shown = signal(null);

/** Shows `View` with `props` and `close`. */
export function open(View, props = {}) {
  shown.value = { View, props };
}

export function close() {
  shown.value = null;
}

/** The dialog, if one is open, and the line at the foot: inside the dialog then, since all else is out of reach. */
export function Overlays() {
  if (!shown.value) return html`<${Toast} />`;
  const { View, props } = shown.value;
  return html`<${View} ...${props} close=${close} />`;
}

/** `bare`: without a visible title and its button, for a dialog that is one field. `tall`: of one height, whatever is in it. */
export function Dialog({ title, bare = false, tall = false, children }) {
  const element = useRef(null);
  const id = useId();
  useEscape(close);
  useEffect(() => {
    const dialog = element.current;
    dialog.showModal();
    (dialog.querySelector("[autofocus]") ?? dialog.querySelector("input, textarea, select"))?.focus({ preventScroll: true });
    return () => dialog.close();
  }, []);
  const pressed = (event) => event.target === element.current && close();
  return html`
    <dialog ref=${element} class="dialog ${bare ? "dialog--bare" : ""} ${tall ? "dialog--tall" : ""}" aria-labelledby=${id} onPointerDown=${pressed} onCancel=${close}>
      <div class="dialog__body">
        <header class=${bare ? "visually-hidden" : "dialog__head"}>
          <h2 id=${id}>${title}</h2>
          ${!bare && html`<button class="icon-button" type="button" aria-label="Close" onClick=${close}><${Icon} name="x" /></button>`}
        </header>
        ${children}
      </div>
      <${Toast} />
    </dialog>
  `;
}
