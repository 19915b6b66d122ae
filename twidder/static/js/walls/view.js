/** A wall with its composer. What arrives never moves what is being read. */
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { Skeleton, Trouble } from "../frame/states.js";
import { html } from "../lib/html.js";
import { plural } from "../lib/text.js";
import { outbox } from "../live/outbox.js";
import { PendingCard, PostCard } from "./card.js";
import { Composer } from "./composer.js";
import { putBack, wallOf } from "./shelf.js";

const AT_TOP = 200;
const keyOf = (author, { cid, id }) => (cid ? `${author.id}:${cid}` : `id:${id}`);

export function WallView({ id, label, empty }) {
  const wall = wallOf(id);
  useEffect(() => watch(wall), [wall]);
  return html`
    <section class="wall" aria-label="Wall">
      <${Composer} key=${id} wall=${id} label=${label} />
      <${NewPosts} wall=${wall} />
      <${Posts} wall=${wall} empty=${empty} />
    </section>
  `;
}

function Posts({ wall, empty }) {
  const waiting = outbox.value.filter((entry) => entry.topic === wall.topic).reverse();
  const posts = wall.shown.value;
  const problem = wall.problem.value;
  if (problem) return html`<${Trouble} problem=${problem} again=${() => wall.open()} />`;
  return html`
    ${waiting.map((entry) => html`<${PendingCard} key=${keyOf(entry.author, entry)} entry=${entry} />`)}
    ${posts?.map((post) => html`<${PostCard} key=${keyOf(post.author, post)} post=${post} wall=${wall} />`)}
    ${!posts && html`<${Skeleton} rows=${3} />`}
    ${posts?.length === 0 && !waiting.length && empty}
    ${wall.next.value && html`<${Older} wall=${wall} />`}
  `;
}

function NewPosts({ wall }) {
  const count = wall.held.value.length;
  const show = () => {
    wall.release();
    window.scrollTo(0, 0);
  };
  return html`
    <div class="new-posts" role="status">
      ${count > 0 &&
      html`<button class="news-pill" type="button" onClick=${show}>
        <${Icon} name="arrow-up" size=${16} />${plural(count, "new post", "new posts")}
      </button>`}
    </div>
  `;
}

/** Older posts come as one scrolls to the button, or presses it. */
function Older({ wall }) {
  const button = useRef(null);
  const loading = useRef(false);
  const load = async () => {
    if (loading.current) return;
    loading.current = true;
    await wall.loadOlder().catch(() => {});
    loading.current = false;
  };
  useEffect(() => {
    const observer = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && load(), { rootMargin: "400px" });
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [wall.next.value]);
  return html`<button ref=${button} class="button wall__older" type="button" onClick=${load}>Show older posts</button>`;
}

function watch(wall) {
  const look = () => wall.look({ watched: !document.hidden, scrolledDown: window.scrollY > AT_TOP });
  look();
  window.addEventListener("scroll", look, { passive: true });
  document.addEventListener("visibilitychange", look);
  return () => {
    window.removeEventListener("scroll", look);
    document.removeEventListener("visibilitychange", look);
    wall.look({ watched: false, scrolledDown: false });
    putBack(wall);
  };
}
