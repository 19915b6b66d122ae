/** What a PIN is, and how one gets another. */
import { Dialog, open } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { put } from "../lib/http.js";

/** As `limits.pin_min` and `limits.pin_max`. */
const PIN = /^\d{4,7}$/;

export function checkPins(pin, repeat) {
  if (!PIN.test(pin)) return { pin: "4 to 7 digits." };
  return pin === repeat ? {} : { repeat: "The two are not the same." };
}

export const openPin = () => open(ChangePin);

function ChangePin({ close }) {
  const form = useForm({
    start: { old: "", pin: "", repeat: "" },
    check: ({ old, pin, repeat }) => ({ ...(!old && { old: "Write the PIN that you have." }), ...checkPins(pin, repeat) }),
    send: async ({ old, pin }) => {
      await put("/pairup/pin", { pin, old });
      close();
      say("Your new PIN is set.");
    },
  });
  const attributes = { type: "password", inputmode: "numeric", maxlength: 7 };
  return html`
    <${Dialog} title="Change PIN">
      <${Form} form=${form}>
        <${Field} form=${form} name="old" label="PIN now" autocomplete="current-password" ...${attributes} />
        <${Field} form=${form} name="pin" label="New PIN" hint="4 to 7 digits." autocomplete="new-password" ...${attributes} />
        <${Field} form=${form} name="repeat" label="Repeat the new PIN" autocomplete="new-password" ...${attributes} />
        <${Submit} form=${form}>Change<//>
      <//>
    <//>
  `;
}
