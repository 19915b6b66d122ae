/** What cannot be undone is said before it is done. */
import { Dialog, open } from "../frame/dialog.js";
import { html } from "../lib/html.js";

/** `act`: the word on the button · `run()` */
export const openWorse = (what) => open(Sure, what);

const Sure = ({ title, text, act, run, close }) => html`
  <${Dialog} title=${title}>
    <p>${text}</p>
    <div class="about__acts">
      <button class="button button--primary" type="button" autofocus onClick=${() => (close(), run())}>${act}</button>
      <button class="button" type="button" onClick=${close}>Leave it</button>
    </div>
  <//>
`;
