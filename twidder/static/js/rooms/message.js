/** One message of a conversation. */
import { useState } from "preact/hooks";
import { user } from "../accounts/session.js";
import { Avatar } from "../frame/avatar.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";
import { clock, full } from "../lib/time.js";
import { Attached } from "./attached.js";
import { Body } from "./body.js";
import { openHistory } from "./history.js";
import { Quote } from "./quote.js";
import { Reactions } from "./reactions.js";
import { Toolbar } from "./toolbar.js";

export const Message = ({ room, message, head, rowKey }) =>
  message.deleted
    ? html`<${Tombstone} message=${message} rowKey=${rowKey} />`
    : html`<${Standing} room=${room} message=${message} head=${head} rowKey=${rowKey} />`;

function Standing({ room, message, head, rowKey }) {
  const [over, setOver] = useState(false);
  const [inside, setInside] = useState(false);
  const [held, hold] = useState(false);
  const active = over || inside || held;
  const pointer = (on) => (event) => event.pointerType === "mouse" && setOver(on);
  const left = (event) => event.currentTarget.contains(event.relatedTarget) || setInside(false);
  return html`
    <article
      class="message" data-row=${rowKey} data-message-id=${message.id} data-state="sent" data-head=${head} data-active=${active} tabindex="-1"
      aria-label="${fullName(message.author)}, ${clock(message.created_at)}"
      onPointerEnter=${pointer(true)} onPointerLeave=${pointer(false)} onFocusIn=${({ target }) => setInside(isChosen(target))} onFocusOut=${left}
      onKeyDown=${(event) => keys(event, room, message)}
    >
      <${Side} message=${message} head=${head} />
      <div class="message__body">
        ${head && html`<${Head} author=${message.author} at=${message.created_at} />`}
        ${message.reply_to && html`<${Quote} room=${room} id=${message.reply_to} />`}
        <${Body} text=${message.text} mentions=${message.mentions} edited=${message.edited_at && html`<${Edited} room=${room} message=${message} />`} />
        <${Attached} files=${message.files} />
        <${Reactions} room=${room} message=${message} />
      </div>
      ${active && html`<${Toolbar} room=${room} message=${message} hold=${hold} />`}
    </article>
  `;
}

/** By keyboard, or by a tap where nothing can point: a click alone leaves the toolbar to the pointer. */
const isChosen = (element) => element.matches(":focus-visible") || window.matchMedia("(hover: none)").matches;

/** With a message in focus: R replies, E edits one's own, ↑ and ↓ move. */
function keys(event, room, message) {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  const neighbour = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
  if (neighbour) {
    let next = event.currentTarget[neighbour];
    while (next && next.tabIndex !== -1) next = next[neighbour];
    next?.focus();
  } else if (event.key === "r" && room.canWrite.value) room.mode.value = { reply: message };
  else if (event.key === "e" && message.author.id === user.value.id) room.mode.value = { edit: message };
  else return;
  event.preventDefault();
}

/** Beside the text: who, or for a later one of the same author when, as soon as one points at it. */
export const Side = ({ message, head }) =>
  head
    ? html`<${Avatar} person=${message.author} />`
    : html`<time class="message__when" datetime=${iso(message.created_at)} title=${full(message.created_at)}>${clock(message.created_at)}</time>`;

export const Head = ({ author, at, children }) => html`
  <header class="message__head">
    ${author.guest
      ? html`<span class="message__author"><bdi>${fullName(author)}</bdi></span><span class="badge">guest</span>`
      : html`<a class="message__author" href="/people/${author.id}"><bdi>${fullName(author)}</bdi></a>`}
    ${children ?? html`<time class="message__time" datetime=${iso(at)} title=${full(at)}>${clock(at)}</time>`}
  </header>
`;

const iso = (at) => new Date(at).toISOString();

function Edited({ room, message }) {
  const title = `Edited ${full(message.edited_at)}`;
  if (!room.moderates.value) return html`<span class="message__edited" title=${title}>(edited)</span>`;
  return html`<button class="message__edited" type="button" title="${title}. See what it said before." onClick=${() => openHistory(message)}>(edited)</button>`;
}

const Tombstone = ({ message, rowKey }) => html`
  <p class="tombstone" data-row=${rowKey} data-message-id=${message.id} data-state="deleted" tabindex="-1" title=${full(message.created_at)}>Message deleted</p>
`;
