import { Field, Form, Submit } from "../frame/field.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { go } from "../lib/router.js";
import { forgetSecret } from "../lib/secret.js";
import { NewPasswordFields } from "./password-fields.js";
import { ProfileFields } from "./profile-fields.js";
import { checkEmail, checkNewPassword, checkProfile, PROFILE, trimmed } from "./rules.js";
import { signIn } from "./session.js";

const START = { firstname: "", familyname: "", gender: "", city: "", country: "", email: "", password: "", repeat: "" };

/** `link`: the secret of an invitation or of the setup link, if one came by it. */
export function SignUp({ link, submit = "Create account" }) {
  const form = useForm({
    start: START,
    check: (values) => ({
      ...checkProfile(values),
      ...checkEmail(values.email),
      ...checkNewPassword(values.password, values.repeat),
    }),
    send: async (values) => {
      const { email, password } = { email: values.email.trim(), password: values.password };
      await post("/users", { ...trimmed(values, PROFILE), email, password, ...(link && { link }) });
      await signIn(email, password);
      if (link) enterHouse();
    },
  });
  return html`
    <${Form} form=${form}>
      <${ProfileFields} form=${form} />
      <${Field} form=${form} name="email" label="E-mail" type="email" autocomplete="username" />
      <${NewPasswordFields} form=${form} />
      <p class="aside">Members see your name, e-mail, gender, city and country.</p>
      <${Submit} form=${form} wide>${submit}<//>
    <//>
  `;
}

/** From behind a one-time link, which is used up now. */
function enterHouse() {
  forgetSecret();
  go("/home", { replace: true });
}
