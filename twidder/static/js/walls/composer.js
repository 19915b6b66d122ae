import { useEffect, useState } from "preact/hooks";
import { user } from "../accounts/session.js";
import { readDraft, writeDraft } from "../lib/drafts.js";
import { html } from "../lib/html.js";
import { length, number } from "../lib/text.js";
import { put } from "../live/outbox.js";
import { Attach, UploadList } from "../rooms/upload-list.js";
import { Uploads } from "../rooms/uploads.js";

const LIMIT = 4_000;
const NEARLY = 3_600;

export function Composer({ wall, label }) {
  const me = user.value.id;
  const [text, setText] = useState(() => readDraft(me, wall));
  const [uploads] = useState(() => new Uploads(`/walls/${wall}/files`));
  useEffect(() => () => uploads.clear(), []);
  const size = length(text);
  const files = uploads.ids;
  const ready = (text.trim() !== "" || files.length > 0) && size <= LIMIT && !uploads.isBusy;

  const write = (next) => {
    setText(next);
    writeDraft(me, wall, next);
  };
  const send = (event) => {
    event.preventDefault();
    if (!ready) return;
    put({ topic: `wall:${wall}`, path: `/walls/${wall}/posts`, body: { text: text.trim(), ...(files.length && { files }) } });
    write("");
    uploads.clear();
  };
  const take = (event) => {
    const given = (event.clipboardData ?? event.dataTransfer).files;
    if (!given.length) return;
    event.preventDefault();
    uploads.add(given);
  };
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
  };

  return html`
    <form class="composer" onSubmit=${send} onPaste=${take} onDrop=${take} onDragOver=${(event) => event.preventDefault()}>
      <label class="visually-hidden" for="composer">${label}</label>
      <textarea
        id="composer" rows="2" placeholder=${label} value=${text} aria-describedby="composer-note"
        onInput=${(event) => write(event.target.value)} onKeyDown=${keys}
      ></textarea>
      <${UploadList} uploads=${uploads} />
      <div class="composer__foot">
        <${Attach} uploads=${uploads} />
        <span id="composer-note" class="composer__note" data-wrong=${size > LIMIT}><${Note} size=${size} /></span>
        <button class="button button--primary button--pill" type="submit" disabled=${!ready}>Post</button>
      </div>
    </form>
  `;
}

function Note({ size }) {
  if (size > LIMIT) return `At most ${number(LIMIT)} characters; this has ${number(size)}.`;
  if (size > NEARLY) return `${number(size)} of ${number(LIMIT)}`;
  return html`<span class="composer__keys"><kbd>Ctrl</kbd> <kbd>Enter</kbd> posts</span>`;
}
