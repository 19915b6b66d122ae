/** In without an account: a PIN, which with the student number opens Pair-Up and nothing else. */
import { resume, signIn } from "../accounts/session.js";
import { Field, Form, Submit } from "../frame/field.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { enter } from "./claim.js";
import { checkPins } from "./pin.js";

/** `known`: who came by a PIN before, and gives the one they have. */
export function JustPin({ code, known }) {
  const form = useForm({
    start: { pin: "", repeat: "" },
    check: ({ pin, repeat }) => checkPins(pin, known ? pin : repeat),
    send: async ({ pin }) => {
      const { number } = await post("/pairup/registrations", { code, pin });
      if (known) await resume();
      else await signIn(number, pin);
      await enter(null);
    },
  });
  const attributes = { type: "password", inputmode: "numeric", maxlength: 7 };
  return html`
    <${Form} form=${form}>
      <${Field} form=${form} name="pin" label=${known ? "Your PIN" : "Choose a PIN"} hint=${known ? `You are signed in as ${known}.` : "4 to 7 digits: with your student number it opens Pair-Up, and nothing else. If you have one already, that one."} autocomplete=${known ? "current-password" : "new-password"} ...${attributes} />
      ${!known && html`<${Field} form=${form} name="repeat" label="Repeat the PIN" autocomplete="new-password" ...${attributes} />`}
      <${Submit} form=${form} wide>That’s me<//>
    <//>
  `;
}
