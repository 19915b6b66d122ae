/** I look for a partner, and say something about myself. */
import { Field, Form, Submit } from "../frame/field.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { put, remove } from "../lib/http.js";
import { length } from "../lib/text.js";
import { tried } from "./acts.js";

/** As `limits.about_length`. */
const ABOUT = 280;

export function IAmLooking({ round }) {
  const { entry } = round.mine.value;
  const told = round.looking.value.get(entry.id);
  const form = useForm({
    start: { about: told?.about ?? entry.about },
    check: ({ about }) => (length(about.trim()) > ABOUT ? { about: `At most ${ABOUT} characters.` } : {}),
    send: ({ about }) => put(`/pairup/entries/${entry.id}/looking`, { about: about.trim() }),
  });
  return html`
    <section class="looking card" aria-label="I am looking">
      <${Form} form=${form}>
        <${Field} form=${form} name="about" label=${told ? "You are on the list. A line about you:" : "Look for a partner: a line about you"} placeholder="What you like to build, when you have time" autocomplete="off" />
        <div class="team__acts">
          <${Submit} form=${form} quiet=${Boolean(told)}>${told ? "Change" : "I am looking"}<//>
          ${told && html`<button class="button" type="button" onClick=${() => tried(() => remove(`/pairup/entries/${entry.id}/looking`))}>Take me off</button>`}
        </div>
      <//>
    </section>
  `;
}
