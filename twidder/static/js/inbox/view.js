/**
 * What was meant for me: mentions, answers, invitations, knocks. A press leads to the message. Looking at the list reads it;
 * what was new when it was opened stays marked until one goes elsewhere.
 */
import { useEffect, useState } from "preact/hooks";
import { Avatar } from "../frame/avatar.js";
import { Page } from "../frame/page.js";
import { Empty, Skeleton } from "../frame/states.js";
import { pageIsWatched } from "../frame/watched.js";
import { html } from "../lib/html.js";
import { ago, full } from "../lib/time.js";
import { shelved } from "../rooms/shelf.js";
import { oneLine } from "../rooms/markdown.js";
import { nameOf } from "../rooms/names.js";
import { loadOlder, next, notices, readAll } from "./inbox.js";
import { pathOfNotice, wordsOf } from "./words.js";

export function Inbox() {
  const [readBefore, setReadBefore] = useState(null);
  const items = notices.value;
  useEffect(() => {
    if (!items) return;
    if (readBefore === null) setReadBefore(items.find((one) => !isUnread(one))?.id ?? 0);
    else if (pageIsWatched()) readAll().catch(() => {});
  }, [items, readBefore]);
  useEffect(() => {
    const look = () => readAll().catch(() => {});
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, []);
  return html`
    <${Page} view="inbox" title="Mentions">
      ${!items && html`<${Skeleton} rows=${4} />`}
      ${items?.length === 0 && html`<${Empty}>Nothing yet. When somebody mentions or answers you, it stands here.<//>`}
      ${items?.length > 0 && html`
        <ul class="notices card" aria-label="Mentions">
          ${items.map((one) => html`<${Notice} key=${one.id} notice=${one} isNew=${readBefore !== null && one.id > readBefore} />`)}
        </ul>
      `}
      ${next.value && html`<button class="button wall__older" type="button" onClick=${() => loadOlder().catch(() => {})}>Show older</button>`}
    <//>
  `;
}

function Notice({ notice, isNew }) {
  const room = shelved(notice.room)?.room.value;
  const name = room ? nameOf(room) : notice.room_name;
  return html`
    <li>
      <a class="notice-row" href=${pathOfNotice(notice, room?.kind)} data-unread=${isNew}>
        <${Avatar} person=${notice.by} />
        <span class="notice-row__head">
          <span class="notice-row__words">${wordsOf(notice, name)}</span>
          <time title=${full(notice.at)}>${ago(notice.at)}</time>
        </span>
        ${notice.text && html`<span class="notice-row__text"><bdi>${oneLine(notice.text)}</bdi></span>`}
      </a>
    </li>
  `;
}

const isUnread = ({ read, read_at: at }) => !read && !at;
