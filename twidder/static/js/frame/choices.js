/** One of several, each with a line that explains it. `options`: [[value, title, text]]. */
import { html } from "../lib/html.js";

export const Choices = ({ legend, name, options, value, choose }) => html`
  <fieldset class="choices">
    <legend class="visually-hidden">${legend}</legend>
    ${options.map(([one, title, text]) => html`
      <label class="choice" key=${one}>
        <input type="radio" name=${name} value=${one} checked=${value === one} onChange=${() => choose(one)} />
        <span><strong>${title}</strong><span>${text}</span></span>
      </label>
    `)}
  </fieldset>
`;

export const Switch = ({ title, text, on, turn, disabled = false }) => html`
  <label class="choice">
    <input type="checkbox" role="switch" checked=${on} disabled=${disabled} onChange=${({ target }) => turn(target.checked)} />
    <span><strong>${title}</strong>${text && html`<span>${text}</span>`}</span>
  </label>
`;
