/** Behind a reset link: a new password without the old one. */
import { useState } from "preact/hooks";
import { Form, Submit } from "../frame/field.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { go } from "../lib/router.js";
import { forgetSecret, heldSecret } from "../lib/secret.js";
import { NewPasswordFields } from "./password-fields.js";
import { checkNewPassword } from "./rules.js";
import { notice, phase, resume } from "./session.js";
import { UsedUp } from "./used-up.js";
import { Doorway } from "./welcome.js";

export function Reset() {
  const [secret] = useState(heldSecret);
  return html`<${Doorway} view="reset" title="New password">${secret ? html`<${NewPassword} secret=${secret} />` : html`<${UsedUp} />`}<//>`;
}

function NewPassword({ secret }) {
  const form = useForm({
    start: { password: "", repeat: "" },
    check: ({ password, repeat }) => checkNewPassword(password, repeat),
    send: async ({ password }) => {
      await post("/password-resets", { secret, password });
      forgetSecret();
      await resume();
      if (phase.value === "out") notice.value = { kind: "password_chosen" };
      go("/", { replace: true });
    },
  });
  return html`
    <h2>Choose a new password</h2>
    <p class="aside">This signs you out everywhere. Then sign in with the new password.</p>
    <${Form} form=${form}>
      <${NewPasswordFields} form=${form} label="New password" />
      <${Submit} form=${form} wide>Set password<//>
    <//>
  `;
}
