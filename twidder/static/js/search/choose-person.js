import { Dialog } from "../frame/dialog.js";
import { html } from "../lib/html.js";
import { PeoplePicker } from "../people/picker.js";

export function ChoosePerson({ choose, close }) {
  const chosen = ([person]) => {
    close();
    choose(person);
  };
  return html`<${Dialog} title="By whom?"><${PeoplePicker} label="Name" chosen=${[]} change=${chosen} most=${1} /><//>`;
}
