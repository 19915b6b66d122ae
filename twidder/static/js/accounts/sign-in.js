import { Field, Form, Submit } from "../frame/field.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { signIn } from "./session.js";

/** `email`: known already, from the session that ended here. */
export function SignIn({ email: known = "" }) {
  const form = useForm({
    start: { email: known, password: "" },
    check: ({ email, password }) => ({
      ...(!email.trim() && { email: "Write your e-mail or student number." }),
      ...(!password && { password: "Write your password." }),
    }),
    send: async ({ email, password }) => {
      try {
        await signIn(email.trim(), password);
      } catch (problem) {
        if (problem.code === "wrong_credentials") problem.field = "password";
        throw problem;
      }
    },
  });
  return html`
    <${Form} form=${form}>
      <${Field} form=${form} name="email" label="E-mail or student number" autocomplete="username" autocapitalize="none" spellcheck=${false} />
      <${Field} form=${form} name="password" label="Password" type="password" hint="With a student number, your PIN." autocomplete="current-password" />
      <${Submit} form=${form} wide>Sign in<//>
    <//>
    <p class="aside">Forgot your password? Ask the owner of this place for a link.</p>
  `;
}
