/** What a message answers, as it is now; pressed, it leads there. */
import { Avatar } from "../frame/avatar.js";
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";
import { oneLine } from "./markdown.js";

export function Quote({ room, id }) {
  const original = room.pages.find(id);
  if (!original) return html`<span class="quote"><${Icon} name="reply" size=${14} />An earlier message</span>`;
  return html`
    <button class="quote" type="button" onClick=${() => room.show(id).catch(() => {})} aria-label="In answer to ${fullName(original.author)}. Go there.">
      <${Icon} name="reply" size=${14} />
      <${Avatar} person=${original.author} size="tiny" />
      <bdi class="quote__author">${fullName(original.author)}</bdi>
      <bdi class="quote__text">${original.deleted ? "Message deleted" : oneLine(original.text) || "A file"}</bdi>
    </button>
  `;
}
