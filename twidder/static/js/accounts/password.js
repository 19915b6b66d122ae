import { Field, Form, Submit } from "../frame/field.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { put } from "../lib/http.js";
import { NewPasswordFields } from "./password-fields.js";
import { checkNewPassword } from "./rules.js";
import { user } from "./session.js";

const NEW = ["new_password", "repeat"];

export function Password() {
  const form = useForm({
    start: { old_password: "", new_password: "", repeat: "" },
    check: ({ old_password: old, new_password: fresh, repeat }) => ({
      ...(!old && { old_password: "Write your current password." }),
      ...checkNewPassword(fresh, repeat, NEW),
    }),
    send: async ({ old_password, new_password }) => {
      await put("/me/password", { old_password, new_password });
      form.clear();
      say("Password changed");
    },
  });
  return html`
    <${Form} form=${form}>
      <input class="visually-hidden" type="text" autocomplete="username" value=${user.value.email} readonly tabindex="-1" aria-hidden="true" />
      <${Field} form=${form} name="old_password" label="Current password" type="password" autocomplete="current-password" />
      <${NewPasswordFields} form=${form} names=${NEW} label="New password" />
      <${Submit} form=${form}>Change password<//>
    <//>
  `;
}
