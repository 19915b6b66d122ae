import { Field } from "../frame/field.js";
import { html } from "../lib/html.js";
import { strength } from "./rules.js";

const WORDS = ["At least 8 characters", "Too short", "Fair. Longer is stronger", "Good", "Strong"];

/** A new password, twice; the hint beside it is advice. */
export const NewPasswordFields = ({ form, names = ["password", "repeat"], label = "Password" }) => html`
  <${Field}
    form=${form} name=${names[0]} label=${label} type="password" autocomplete="new-password"
    hint=${html`<${Strength} password=${form.values[names[0]]} />`}
  />
  <${Field} form=${form} name=${names[1]} label="Repeat password" type="password" autocomplete="new-password" />
`;

function Strength({ password }) {
  const level = strength(password);
  return html`<span class="strength" data-level=${level}><span class="strength__bars" aria-hidden="true"><i></i><i></i><i></i><i></i></span>${WORDS[level]}</span>`;
}
