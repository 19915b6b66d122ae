/** A message on its way, or one that could not be sent. */
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";
import { discard, retry } from "../live/outbox.js";
import { Body } from "./body.js";
import { Head, Side } from "./message.js";

export function Pending({ entry, head, rowKey }) {
  const failed = entry.state === "failed";
  return html`
    <article class="message" data-row=${rowKey} data-state=${entry.state} data-head=${head} tabindex="-1" aria-label="Your message, ${failed ? "not sent" : "being sent"}">
      <${Side} message=${{ author: entry.author, created_at: entry.at }} head=${head} />
      <div class="message__body">
        ${head && html`<${Head} author=${entry.author}>${!failed && html`<${Clock} />`}<//>`}
        <${Body} text=${entry.body.text} edited=${!head && !failed && html`<${Clock} />`} />
        ${entry.body.files?.length > 0 && html`<p class="message__note">${entry.body.files.length === 1 ? "With a file" : `With ${entry.body.files.length} files`}</p>`}
        ${failed && html`<${Failed} entry=${entry} />`}
      </div>
    </article>
  `;
}

const Clock = () => html`<span class="message__clock" title="Being sent"><${Icon} name="clock" size=${14} /></span>`;

const Failed = ({ entry }) => html`
  <div class="message__failed" role="alert">
    <span><span class="dot dot--bad"></span>Not sent. ${entry.detail}</span>
    <span class="message__choices">
      <button class="text-button" type="button" onClick=${() => retry(entry.cid)}>Retry</button>
      <span aria-hidden="true">·</span>
      <button class="text-button" type="button" onClick=${() => discard(entry.cid)}>Discard</button>
    </span>
  </div>
`;
