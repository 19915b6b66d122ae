import { Field } from "../frame/field.js";
import { html } from "../lib/html.js";
import { GENDERS } from "./rules.js";

/** The fields of PROFILE. A gender of one's own words, set elsewhere, stays choosable. */
export function ProfileFields({ form }) {
  const { gender } = form.values;
  const genders = gender && !GENDERS.includes(gender) ? [...GENDERS, gender] : GENDERS;
  return html`
    <div class="form__pair">
      <${Field} form=${form} name="firstname" label="First name" autocomplete="given-name" />
      <${Field} form=${form} name="familyname" label="Family name" autocomplete="family-name" />
    </div>
    <${Field} form=${form} name="gender" label="Gender">
      <option value="" disabled hidden>Choose one</option>
      ${genders.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
    <//>
    <div class="form__pair">
      <${Field} form=${form} name="city" label="City" autocomplete="address-level2" />
      <${Field} form=${form} name="country" label="Country" autocomplete="country-name" />
    </div>
  `;
}
