import { useState } from "preact/hooks";
import { html } from "../lib/html.js";
import { Icon } from "./icon.js";

/** Something to carry elsewhere. The button is hidden where the browser offers no clipboard (plain http). */
export function Copyable({ text, label }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return html`
    <div class="copyable">
      <input type="text" readonly value=${text} aria-label=${label} onFocus=${(event) => event.target.select()} />
      ${navigator.clipboard &&
      html`<button class="button" type="button" onClick=${copy}>
        <${Icon} name=${copied ? "check" : "copy"} size=${16} /><span aria-live="polite">${copied ? "Copied" : "Copy"}</span>
      </button>`}
    </div>
  `;
}
