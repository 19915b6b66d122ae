/** The check of a draw, done in this browser: nothing that the server says of it is believed. */
import { useState } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { Section } from "../frame/section.js";
import { html } from "../lib/html.js";
import { plural } from "../lib/text.js";
import { download } from "./staff-files.js";

/** What the check has seen when it is through, in the order in which it looks. */
const STEPS = [
  "The secret is the one whose fingerprint was shown before the draw.",
  "The seed that decides ties comes from this secret and from what the teams ranked.",
  "No place is given away twice, and only places that took part.",
  "At the published prices every team has what is best for it: so no other assignment has a smaller total of ranks.",
  "No other assignment is as good: the result could only be this one.",
];

/** Long enough for the page to draw that it has begun: the check itself holds the page for a moment. */
const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

export function Checking({ model, draw }) {
  const [state, setState] = useState({ kind: "new" });
  const { id, name, commitment } = model.round.value;
  const run = async () => {
    setState({ kind: "busy" });
    await drawn();
    const checker = await import("./draw-check.js").catch(() => null);
    if (!checker) return setState({ kind: "unknown" });
    try {
      setState({ kind: "right", ...(await checker.check(draw, commitment)) });
    } catch (problem) {
      setState(problem instanceof checker.NotRight ? { kind: "wrong", text: problem.message } : { kind: "unknown" });
    }
  };
  const file = `draw-${id}.json`;
  return html`
    <${Section} id="check" title="Check it" text="The result is published with a certificate. Your own device can check it, without believing this server.">
      <div class="about__acts">
        <button class="button button--primary" type="button" data-busy=${state.kind === "busy"} aria-disabled=${state.kind === "busy"} onClick=${() => state.kind !== "busy" && run()}>Check it here</button>
        <button class="button" type="button" aria-label="Download the draw of ${name}" onClick=${() => download(file, JSON.stringify(draw), "application/json")}><${Icon} name="download" size=${16} />Download</button>
      </div>
      <div role="status">
        ${state.kind === "busy" && html`<p class="aside">Checking…</p>`}
        ${state.kind === "right" && html`<${Right} ...${state} />`}
        ${state.kind === "wrong" && html`<p class="form__error"><strong>This draw is not right.</strong> ${state.text}</p>`}
        ${state.kind === "unknown" && html`<p class="form__error">It could not be checked in this browser. Try it again, or check the file on your own machine.</p>`}
      </div>
      <p class="aside">Or on your own machine, from the file: <code>twidder pairup verify ${file}</code></p>
    <//>
  `;
}

const Right = ({ teams, places, milliseconds }) => html`
  <div class="draw__right">
    <p><${Icon} name="check" size=${18} /><strong>Optimal, checked on this device</strong></p>
    <ol>${STEPS.map((step) => html`<li key=${step}>${step}</li>`)}</ol>
    <p class="aside">${plural(teams, "team", "teams")}, ${plural(places, "place", "places")}, ${Math.max(1, Math.round(milliseconds))} ms</p>
  </div>
`;
