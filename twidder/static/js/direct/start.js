/** A conversation with one person or a few; one that exists already is found again. */
import { useState } from "preact/hooks";
import { user } from "../accounts/session.js";
import { Dialog, open } from "../frame/dialog.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { go } from "../lib/router.js";
import { PeoplePicker } from "../people/picker.js";
import { put } from "../rooms/shelf.js";

const OTHERS = 9;

export async function talkTo(ids) {
  const room = await post("/dms", { users: ids });
  if (room.mine) put(room);
  go(`/dm/${room.id}`);
}

/** From a button; what stands in the way is said. */
export const message = (person) => talkTo([person.id]).catch((problem) => say(problem.message));

export const openConversation = () => open(NewConversation);

function NewConversation({ close }) {
  const [chosen, setChosen] = useState([]);
  const [problem, setProblem] = useState(null);
  const start = (event) => {
    event.preventDefault();
    if (chosen.length) talkTo(chosen.map(({ id }) => id)).then(close, setProblem);
  };
  return html`
    <${Dialog} title="New conversation">
      <form class="form" onSubmit=${start}>
        <${PeoplePicker} label="With whom?" chosen=${chosen} change=${setChosen} most=${OTHERS} except=${[user.value.id]} />
        ${problem && html`<p class="form__error" role="alert">${problem.message}</p>`}
        <button class="button button--primary" type="submit" disabled=${!chosen.length}>Start</button>
      </form>
    <//>
  `;
}
