/** A guest makes an account: the name, the place in the room and every message stay theirs. */
import { NewPasswordFields } from "../accounts/password-fields.js";
import { ProfileFields } from "../accounts/profile-fields.js";
import { checkEmail, checkNewPassword, checkProfile, PROFILE, trimmed } from "../accounts/rules.js";
import { resume, user } from "../accounts/session.js";
import { Dialog } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { post } from "../lib/http.js";
import { html } from "../lib/html.js";

const START = { familyname: "", gender: "", city: "", country: "", email: "", password: "", repeat: "" };

export function StayOn({ close }) {
  const form = useForm({
    start: { ...START, firstname: user.value.firstname },
    check: (values) => ({ ...checkProfile(values), ...checkEmail(values.email), ...checkNewPassword(values.password, values.repeat) }),
    send: async (values) => {
      await post("/guest-passes/account", { ...trimmed(values, PROFILE), email: values.email.trim(), password: values.password });
      close();
      await resume();
      say("Welcome. What you wrote is yours.");
    },
  });
  return html`
    <${Dialog} title="Make an account">
      <p class="aside">You stay in this room, and what you wrote stays yours.</p>
      <${Form} form=${form}>
        <${ProfileFields} form=${form} />
        <${Field} form=${form} name="email" label="E-mail" type="email" autocomplete="username" />
        <${NewPasswordFields} form=${form} />
        <${Submit} form=${form} wide>Create account<//>
      <//>
    <//>
  `;
}
