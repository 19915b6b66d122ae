/** Staff may draw before the closing time, or after it where the clock could not. */
import { useState } from "preact/hooks";
import { say } from "../frame/toast.js";
import { Section } from "../frame/section.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { openWorse } from "./staff-sure.js";

export function DrawNow({ model }) {
  const [isBusy, setBusy] = useState(false);
  const { id, closes_at: closes } = model.round.value;
  const isOpen = model.phase.value !== "closed";
  const run = async () => {
    setBusy(true);
    await post(`/pairup/rounds/${id}/draw`).catch((problem) => say(problem.message));
    setBusy(false);
  };
  const ask = () => openWorse({ title: "Draw now?", text: "The round closes: nobody ranks any more. The result is published at once and does not change.", act: "Draw now", run });
  return html`
    <${Section} id="draw-now" title="Draw now" text=${isOpen ? (closes === null ? "This round has no closing time, so it is drawn when you say so." : "It is drawn by itself when the round closes. You can close and draw it now.") : "The round is closed and not drawn yet."}>
      <button class="button" type="button" data-busy=${isBusy} aria-disabled=${isBusy} onClick=${() => !isBusy && (isOpen ? ask() : run())}>Close and draw</button>
    <//>
  `;
}
