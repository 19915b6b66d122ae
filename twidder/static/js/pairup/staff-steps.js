/** What a new round still needs: a roster, labs, and codes for its students. Gone when the first of them is in. */
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";
import { plural } from "../lib/text.js";
import { pathOf } from "./staff-side.js";

export function Steps({ model, side }) {
  const steps = stepsOf(model, side);
  if (steps.every(({ isDone }) => isDone)) return null;
  const next = steps.find(({ isDone }) => !isDone);
  return html`
    <section class="card section">
      <h2>Getting ready</h2>
      <ol class="ready">
        ${steps.map((step) => html`<${Step} key=${step.title} step=${step} id=${model.round.value.id} isNext=${step === next} />`)}
      </ol>
    </section>
  `;
}

const Step = ({ step: { title, state, isDone, part, act }, id, isNext }) => html`
  <li class="ready__step" data-done=${isDone}>
    <span class="ready__mark" aria-hidden="true">${isDone && html`<${Icon} name="check" size=${14} />`}</span>
    <div><strong>${title}</strong><p class="aside">${state}</p></div>
    <a class="button ${isNext ? "button--primary" : ""}" href=${pathOf(id, part)}>${act}</a>
  </li>
`;

function stepsOf(model, side) {
  const entries = side.entries.value;
  const labs = [...model.labs.value.values()].length;
  const places = model.places.value.size;
  const claimed = entries.filter((entry) => entry.claimed).length;
  return [
    {
      title: "Roster",
      state: entries.length ? plural(entries.length, "student", "students") : "Who takes part. Paste it or choose a CSV file.",
      isDone: entries.length > 0,
      part: "roster",
      act: entries.length ? "Look at it" : "Add students",
    },
    {
      title: "Labs",
      state: places ? `${plural(places, "place", "places")} in ${plural(labs, "lab", "labs")}` : "The sittings, and the times in them.",
      isDone: places > 0,
      part: "labs",
      act: places ? "Look at them" : "Add labs",
    },
    {
      title: "Codes",
      state: entries.length ? `${claimed} of ${plural(entries.length, "student has", "students have")} come in` : "Each student comes in by a code of their own.",
      isDone: claimed > 0,
      part: "roster",
      act: "Hand out codes",
    },
  ];
}
