import { Form, Submit } from "../frame/field.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { patch } from "../lib/http.js";
import { ProfileFields } from "./profile-fields.js";
import { checkProfile, PROFILE, trimmed } from "./rules.js";
import { user } from "./session.js";

export function Profile() {
  const form = useForm({
    start: Object.fromEntries(PROFILE.map((name) => [name, user.value[name]])),
    check: checkProfile,
    send: async (values) => {
      user.value = await patch("/me", trimmed(values, PROFILE));
      say("Profile saved");
    },
  });
  return html`
    <${Form} form=${form}>
      <${ProfileFields} form=${form} />
      <p class="aside">You sign in as ${user.value.email}.</p>
      <${Submit} form=${form}>Save profile<//>
    <//>
  `;
}
