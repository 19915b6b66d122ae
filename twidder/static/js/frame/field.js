/** A labelled field of a form made by `useForm`; what is wrong stands under it. `lines`: a text of several lines. */
import { html } from "../lib/html.js";

export function Field({ form, name, label, hint, lines, children, ...input }) {
  const id = `${form.id}-${name}`;
  const error = form.errors[name];
  const attributes = {
    id,
    name,
    value: form.values[name],
    onInput: (event) => form.set(name, event.target.value),
    "aria-invalid": error ? "true" : undefined,
    "aria-describedby": error ? `${id}-error` : hint ? `${id}-hint` : undefined,
    ...input,
  };
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${children
        ? html`<select ...${attributes}>${children}</select>`
        : lines
          ? html`<textarea rows=${lines} ...${attributes}></textarea>`
          : html`<input type="text" ...${attributes} />`}
      ${hint && !error && html`<div class="field__hint" id="${id}-hint">${hint}</div>`}
      ${error && html`<p class="field__error" id="${id}-error">${error}</p>`}
    </div>
  `;
}

export const Form = ({ form, children }) => html`
  <form class="form" ref=${form.element} onSubmit=${form.submit} novalidate aria-busy=${form.busy}>
    ${children}
    ${form.waiting > 0 && html`<${Wait} seconds=${form.waiting} />`}
    ${form.errors.form && html`<p class="form__error" role="alert">${form.errors.form}</p>`}
  </form>
`;

/** The alert is said once; the seconds are there to be read. */
const Wait = ({ seconds }) => html`
  <p class="form__error"><span role="alert">Too many wrong passwords.</span>${" "}<span>Try again in ${seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`}.</span></p>
`;

/** The button that sends the form; a thin line runs in it while the form is on its way. */
export const Submit = ({ form, children, wide, quiet }) => html`
  <button
    class="button ${quiet ? "" : "button--primary"} ${wide ? "button--wide" : ""}" type="submit"
    disabled=${form.waiting > 0} aria-disabled=${form.busy} data-busy=${form.busy}
  >${children}</button>
`;
