import { user } from "../accounts/session.js";
import { Avatar } from "../frame/avatar.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";
import { ago, full } from "../lib/time.js";
import { nameOf, pathOf } from "../rooms/names.js";
import { shelved } from "../rooms/shelf.js";

/** One thing found, with the words that were looked for marked; a press leads there. */
export function Hit({ hit }) {
  const { author, created_at: at } = hit.message ?? hit.post;
  const [where, path] = hit.message ? placeOfMessage(hit) : ["on a wall", `/people/${hit.post.wall}`];
  return html`
    <li>
      <a class="notice-row" href=${path}>
        <${Avatar} person=${author} />
        <span class="notice-row__head">
          <span class="notice-row__words"><strong>${fullName(author)}</strong> <span class="aside">${where}</span></span>
          <time title=${full(at)}>${ago(at)}</time>
        </span>
        <span class="notice-row__text notice-row__text--long"><bdi>${hit.snippet.map(([text, isHit]) => (isHit ? html`<mark>${text}</mark>` : plain(text)))}</bdi></span>
      </a>
    </li>
  `;
}

/** Without the marks of Markdown, which stand between words. */
const plain = (text) => text.replace(/[`*]+/g, "");

function placeOfMessage({ message, room }) {
  return [room.kind === "dm" ? conversationOf(message, room) : `in ${room.name}`, `${pathOf(room)}?message=${message.id}`];
}

function conversationOf({ author }, { id }) {
  const known = shelved(id)?.room.value;
  if (author.id !== user.value.id && known?.people.length === 1) return "to you";
  return known ? `to ${nameOf(known)}` : "in a conversation";
}
