/** Where a message is written, answered or amended. Enter sends; inside a block of code it is a new line. */
import { useEffect, useRef, useState } from "preact/hooks";
import { memberId, user } from "../accounts/session.js";
import { Icon } from "../frame/icon.js";
import { readDraft, writeDraft } from "../lib/drafts.js";
import { html } from "../lib/html.js";
import { fullName, length, number } from "../lib/text.js";
import { put } from "../live/outbox.js";
import { live } from "../live/socket.js";
import { Body } from "./body.js";
import { Editor } from "./editor.js";
import { oneLine } from "./markdown.js";
import { Attach, UploadList } from "./upload-list.js";
import { useSlow } from "./slow.js";

const LIMIT = 4_000;
const NEARLY = 3_600;
const TYPING = 3_000;

export function Composer({ room }) {
  const mode = room.mode.value;
  return mode?.edit ? html`<${Amend} key=${mode.edit.id} room=${room} message=${mode.edit} />` : html`<${Write} room=${room} reply=${mode?.reply} />`;
}

function Write({ room, reply }) {
  const place = `room.${room.id}`;
  const me = user.value.id;
  const typed = useRef(0);
  const [text, setText] = useState(() => readDraft(me, place));
  const wait = useSlow(room);
  const { uploads } = room;
  const ready = (text.trim() !== "" || uploads.ids.length > 0) && length(text) <= LIMIT && !uploads.isBusy && !wait;

  const write = (next) => {
    setText(next);
    writeDraft(me, place, next);
    if (!next.trim() || Date.now() - typed.current < TYPING) return;
    typed.current = Date.now();
    live.say({ type: "typing", topic: room.topic });
  };
  const send = () => {
    if (!ready) return;
    const body = { text: text.trim(), ...(reply && { reply_to: reply.id }), ...(uploads.ids.length && { files: uploads.ids }) };
    put({ topic: room.topic, path: `/rooms/${room.id}/messages`, body });
    if (reply) room.pages.keepQuoted(reply);
    uploads.clear();
    room.mode.value = null;
    typed.current = 0;
    write("");
    room.reading.newFrom.value = null;
    room.showNewest().catch(() => {});
  };
  return html`
    <${Desk} room=${room} text=${text} write=${write} send=${send} ready=${ready} wait=${wait} action="Send" label=${labelOf(room)} focus=${reply}>
      ${reply && html`<${About} icon="reply" words="Answering ${fullName(reply.author)}" text=${oneLine(reply.text)} cancel=${() => (room.mode.value = null)} />`}
      <${UploadList} uploads=${uploads} />
    <//>
  `;
}

function Amend({ room, message }) {
  const [text, setText] = useState(message.text);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const ready = text.trim() !== "" && length(text) <= LIMIT && !busy;
  const done = () => (room.mode.value = null);
  const send = async () => {
    if (!ready) return;
    if (text.trim() === message.text) return done();
    setBusy(true);
    try {
      await room.edit(message, text.trim());
      done();
    } catch (trouble) {
      setProblem(trouble.message);
      setBusy(false);
    }
  };
  return html`
    <${Desk} room=${room} text=${text} write=${setText} send=${send} ready=${ready} action="Save" label="Edit your message" focus=${message}>
      <${About} icon="pencil" words="Editing your message" cancel=${done} />
      ${problem && html`<p class="desk__problem" role="alert">${problem}</p>`}
    <//>
  `;
}

const labelOf = (room) => `Message ${room.room.value.kind === "dm" ? "" : "#"}${room.name}`;

function Desk({ room, text, write, send, ready, wait, action, label, focus, children }) {
  const [preview, setPreview] = useState(false);
  useEffect(() => setPreview(false), [text === ""]);
  const submit = (event) => {
    event.preventDefault();
    send();
  };
  return html`
    <form class="desk" onSubmit=${submit}>
      ${children}
      <div class="desk__row">
        ${memberId.value && action === "Send" && html`<${Attach} uploads=${room.uploads} />`}
        ${preview ? html`<div class="desk__preview"><${Body} text=${text} /></div>` : html`<${Editor} room=${room} text=${text} write=${write} send=${send} label=${label} focus=${focus} />`}
        ${text.trim() !== "" &&
        html`<button class="icon-button" type="button" aria-pressed=${preview} aria-label="Preview" title="Preview" onClick=${() => setPreview(!preview)}><${Icon} name="eye" /></button>`}
        <button class="button button--primary button--pill desk__send" type="submit" disabled=${!ready}>${wait ? html`<span aria-label="Slow room: you can write again in ${wait} s">${wait} s</span>` : action}</button>
      </div>
      <${Size} size=${length(text)} />
    </form>
  `;
}

const About = ({ icon, words, text, cancel }) => html`
  <div class="desk__about">
    <${Icon} name=${icon} size=${14} /><bdi>${words}</bdi><bdi class="quote__text">${text}</bdi>
    <button class="icon-button" type="button" aria-label="Cancel" title="Cancel (Esc)" onClick=${cancel}><${Icon} name="x" size=${16} /></button>
  </div>
`;

function Size({ size }) {
  if (size <= NEARLY) return null;
  const words = size > LIMIT ? `At most ${number(LIMIT)} characters; this has ${number(size)}.` : `${number(size)} of ${number(LIMIT)}`;
  return html`<p class="desk__size" data-wrong=${size > LIMIT} role="status">${words}</p>`;
}
