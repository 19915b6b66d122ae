/** The demo's door: in by one press, as the member whom all who look at it share. */
import { Form, Submit } from "../frame/field.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { signIn } from "./session.js";

export function DemoDoor({ visitor }) {
  const form = useForm({ start: {}, send: () => signIn(visitor.email, visitor.password) });
  return html`
    <div class="demo-door">
      <p><strong>This is a demo.</strong> Its people are made up, and everything in it may be tried.</p>
      <${Form} form=${form}><${Submit} form=${form} wide>Come in as ${visitor.name}<//><//>
      <p class="aside">Whoever comes in as ${visitor.name} after you signs you out: one member, one session. You can also make an account of your own.</p>
    </div>
  `;
}
