/** What the people I follow write on their walls, newest first; what they write now arrives by itself. */
import { useEffect, useState } from "preact/hooks";
import { Page } from "../frame/page.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { html } from "../lib/html.js";
import { PostCard } from "../walls/card.js";
import { Feed } from "./feed.js";
import { follows } from "./follows.js";
import { FollowsLists } from "./follows-lists.js";

export function Following() {
  const [feed] = useState(() => new Feed());
  useEffect(() => () => feed.close(), []);
  const followed = follows.value?.following;
  useEffect(() => void (followed && feed.follow(followed)), [followed]);
  return html`
    <${Page} view="following" title="Following" back="/home" context=${follows.value && html`<${FollowsLists} />`} contextLabel="People">
      <${Posts} feed=${feed} followed=${followed} />
    <//>
  `;
}

function Posts({ feed, followed }) {
  const [posts, problem] = [feed.posts.value, feed.problem.value];
  if (problem) return html`<${Trouble} problem=${problem} again=${() => feed.load()} />`;
  if (!posts || !followed) return html`<${Skeleton} rows=${3} />`;
  if (!posts.length) {
    return html`<${Empty} action=${html`<a class="button" href="/browse">Browse people</a>`}>
      ${followed.length ? "The people you follow have written nothing yet." : "You follow nobody yet. Follow somebody, and what they write stands here."}
    <//>`;
  }
  return html`
    <div class="wall">
      ${posts.map((post) => html`<${PostCard} key=${post.id} post=${post} wall=${feed.actsOn(post)} />`)}
      ${feed.next.value && html`<button class="button wall__older" type="button" onClick=${() => feed.loadOlder().catch(() => {})}>Show older posts</button>`}
    </div>
  `;
}
