/** What those who arrange a board can do about it: the buttons of its bar, and the dialogs behind them. */
import { useState } from "preact/hooks";
import { Dialog, open } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { Icon } from "../frame/icon.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { patch, remove } from "../lib/http.js";
import { go, place } from "../lib/router.js";
import { isStaff } from "../accounts/roles.js";
import { Switch } from "../frame/choices.js";
import { Popup } from "../rooms/popup.js";
import { deleteBoard, pathOf, put } from "./known.js";
import { checkName } from "./new.js";
import { openProducers } from "./producers.js";
import { openSensors } from "./sensors.js";
import { openShare } from "./share.js";

/** `board`, `values`: signals of the Board and of its series (key → Value). For those who may arrange it. */
export function BoardActs({ board, values }) {
  const button = ({ open: isOpen, toggle }) => html`
    <button class="icon-button" type="button" aria-label="More" title="More" aria-haspopup="menu" aria-expanded=${isOpen} onClick=${toggle}><${Icon} name="ellipsis" /></button>
  `;
  const choices = [
    ["terminal", "Feed this board", () => openProducers(board.value)],
    ["smartphone", "Phone as a sensor", () => openSensors(board)],
    ["settings", "Settings", () => open(Settings, { board, values })],
    ["trash", "Delete board", () => leaveAndDelete(board.value), true],
  ];
  const items = (close) => choices.map(([icon, words, act, danger]) => html`
    <button key=${words} class="menu__item" data-danger=${danger} role="menuitem" type="button" onClick=${() => (close(), act())}><${Icon} name=${icon} size=${16} />${words}</button>
  `);
  return html`
    <button class="button button--pill" type="button" aria-label="Share" onClick=${() => openShare(board)}><${Icon} name="share-2" size=${16} /><span>Share</span></button>
    <${Popup} label="More" role="menu" button=${button}>${items}<//>
  `;
}

function leaveAndDelete(board) {
  go("/boards");
  deleteBoard(board);
}

function Settings({ board, values }) {
  return html`
    <${Dialog} title="Board settings">
      <${Names} board=${board.value} />
      <section class="part"><h3>Series</h3><${SeriesList} board=${board.value} values=${values.value} /></section>
      ${isStaff() && html`<section class="part"><h3>Updates gateway</h3><${Updates} board=${board.value} /></section>`}
    <//>
  `;
}

function Names({ board }) {
  const form = useForm({
    start: { name: board.name, description: board.description, slug: board.slug },
    check: ({ name }) => checkName(name),
    send: async ({ name, description, slug }) => {
      const answer = await patch(`/boards/${board.id}`, { name: name.trim(), description: description.trim(), ...(slug.trim() !== board.slug && { slug: slug.trim() }) });
      put(answer);
      form.set("slug", answer.board.slug);
      if (place.value.path === pathOf(board)) go(pathOf(answer.board), { replace: true });
      say("Saved");
    },
  });
  return html`
    <${Form} form=${form}>
      <${Field} form=${form} name="name" label="Name" autocomplete="off" />
      <${Field} form=${form} name="description" label="What does it show?" autocomplete="off" />
      <${Field} form=${form} name="slug" label="Address" hint="${window.location.host}/boards/… and what feeds it by name, too." autocomplete="off" spellcheck=${false} />
      <${Submit} form=${form} quiet>Save<//>
    <//>
  `;
}

function SeriesList({ board, values }) {
  const keys = [...values.keys()].sort();
  if (!keys.length) return html`<p class="aside">None yet. They appear with their first values.</p>`;
  return html`<ul class="series-list">${keys.map((key) => html`<${Series} key=${key} board=${board} name=${key} value=${values.get(key)} />`)}</ul>`;
}

/** `every` in seconds in the field, in ms in the Value. */
function Series({ board, name, value }) {
  const [sure, setSure] = useState(false);
  const form = useForm({
    start: { unit: value.unit ?? "", every: value.every ? String(value.every / 1000) : "" },
    check: ({ every }) => (every.trim() && !(Number(every) > 0) ? { every: "Seconds, or nothing." } : {}),
    send: async ({ unit, every }) => {
      await patch(`/boards/${board.id}/series`, { key: name, unit: unit.trim(), every: every.trim() ? Number(every) : null });
      say(`${name} saved`);
    },
  });
  const drop = () => remove(`/boards/${board.id}/series?key=${encodeURIComponent(name)}`).then(() => say(`${name} is deleted`), (problem) => say(problem.message));
  return html`
    <li>
      <details>
        <summary><${Icon} name="chevron-right" size=${16} /><bdi>${name}</bdi><span class="aside">${[value.unit, value.every && `every ${value.every / 1000} s`].filter(Boolean).join(", ")}</span></summary>
        <${Form} form=${form}>
          <div class="form__pair">
            <${Field} form=${form} name="unit" label="Unit" autocomplete="off" maxlength="16" />
            <${Field} form=${form} name="every" label="A value every … seconds" inputmode="decimal" autocomplete="off" hint="So that late ones show." />
          </div>
          <div class="about__acts">
            <${Submit} form=${form} quiet>Save<//>
            <button class="button" type="button" onClick=${() => (sure ? drop() : setSure(true))}>${sure ? "Delete it and all its values" : "Delete"}</button>
          </div>
        <//>
      </details>
    </li>
  `;
}

/** Of one board at most: the course's own pages hear of its news. */
function Updates({ board }) {
  const turn = (updates) => patch(`/boards/${board.id}`, { updates }).then((answer) => (put(answer), say("Saved")), (problem) => say(`Not saved. ${problem.message}`));
  return html`<${Switch} title="Tell /updated of its news" text="For the courses’ pages that listen there. One board at a time." on=${board.updates ?? false} turn=${turn} />`;
}
