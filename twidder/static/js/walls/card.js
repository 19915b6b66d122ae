/** A post, stored or on its way. */
import { user } from "../accounts/session.js";
import { Avatar } from "../frame/avatar.js";
import { Icon } from "../frame/icon.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { fullName, pieces } from "../lib/text.js";
import { ago, full } from "../lib/time.js";
import { discard, retry } from "../live/outbox.js";
import { report } from "../moderation/report.js";
import { Attached } from "../rooms/attached.js";

export function PostCard({ post, wall }) {
  const mayDelete = [post.author.id, post.wall].includes(user.value.id);
  return html`
    <article class="post ${post.arrived ? "post--arriving" : ""}" data-post-id=${post.id} data-state="sent" aria-label="Post by ${fullName(post.author)}">
      <${Head} author=${post.author}>
        <time class="post__time" datetime=${new Date(post.created_at).toISOString()} title=${full(post.created_at)}>${ago(post.created_at)}</time>
        ${post.author.id !== user.value.id &&
        html`<button class="post__act icon-button" type="button" aria-label="Report post" title="Report post" onClick=${() => report({ post: post.id })}>
          <${Icon} name="flag" size=${16} />
        </button>`}
        ${mayDelete &&
        html`<button class="post__act icon-button" type="button" aria-label="Delete post" title="Delete post" onClick=${() => remove(wall, post)}>
          <${Icon} name="trash" size=${16} />
        </button>`}
      <//>
      <div class="post__body">
        ${post.text && html`<${Words} text=${post.text} />`}
        <${Attached} files=${post.files} />
      </div>
    </article>
  `;
}

export function PendingCard({ entry }) {
  const failed = entry.state === "failed";
  return html`
    <article class="post post--arriving" data-state=${entry.state} aria-label="Your post, ${failed ? "not sent" : "being sent"}">
      <${Head} author=${entry.author}>
        ${failed
          ? html`<span class="post__time"><span class="dot dot--bad"></span>Not sent</span>`
          : html`<span class="post__time" title="Being sent"><${Icon} name="clock" size=${14} /></span>`}
      <//>
      <${Words} text=${entry.body.text} />
      ${failed &&
      html`<div class="post__failed" role="alert">
        <span>${entry.detail}</span>
        <span class="post__choices">
          <button class="text-button" type="button" onClick=${() => retry(entry.cid)}>Retry</button>
          <span aria-hidden="true">·</span>
          <button class="text-button" type="button" onClick=${() => discard(entry.cid)}>Discard</button>
        </span>
      </div>`}
    </article>
  `;
}

const Head = ({ author, children }) => html`
  <${Avatar} person=${author} />
  <header class="post__head">
    <a class="post__author" href="/people/${author.id}">${fullName(author)}</a>
    ${children}
  </header>
`;

const Words = ({ text }) => html`
  <p class="post__text">
    ${pieces(text).map((piece) =>
      piece.href ? html`<a href=${piece.href} target="_blank" rel="noopener noreferrer">${piece.text}</a>` : piece.text,
    )}
  </p>
`;

function remove(wall, post) {
  const deleting = wall.delete(post);
  deleting.catch((problem) => say(`That post is still there. ${problem.message}`));
  say("Post deleted", {
    label: "Undo",
    run: () => deleting.then(() => wall.restore(post)).catch((problem) => say(problem.message)),
  });
}
