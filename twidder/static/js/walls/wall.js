/** One wall as this page knows it: loaded by HTTP, kept up to date by its topic. */
import { batch, computed, signal } from "@preact/signals";
import { user } from "../accounts/session.js";
import { announce } from "../lib/announce.js";
import { get, post, remove } from "../lib/http.js";
import { fullName } from "../lib/text.js";
import { live } from "../live/socket.js";
import { settle } from "../live/outbox.js";
import { markRead, noteUnread } from "./unread.js";

const PAGE = 30;
const insert = (posts, item) => [...posts.filter(({ id }) => id !== item.id), item].sort((a, b) => b.id - a.id);

export class Wall {
  /** Newest first; null until the first page is here. */
  posts = signal(null);
  /** Arrived while the reader was further down: shown when he comes up or asks. */
  held = signal([]);
  problem = signal(null);
  next = signal(null);
  shown = computed(() => this.posts.value?.filter(({ id }) => !this.#hidden.value.has(id)));

  #hidden = signal(new Set());
  #watched = false;
  #scrolledDown = false;
  #closed = false;
  #leave = () => {};

  constructor(id) {
    this.id = id;
    this.topic = `wall:${id}`;
    this.open();
  }

  async open() {
    this.problem.value = null;
    try {
      const position = await this.#load();
      if (this.#closed) return;
      this.#leave = live.topics.follow(this.topic, {
        ...position,
        apply: (event) => this.#apply(event),
        reload: () => this.#load(),
        lost: () => (this.problem.value = new Error("This wall is not there any more.")),
      });
    } catch (problem) {
      this.problem.value = problem;
    }
  }

  close() {
    this.#closed = true;
    markRead(this.id);
    this.#leave();
  }

  async #load() {
    const { items, next, seq, epoch } = await get(`/walls/${this.id}/posts?limit=${PAGE}`);
    batch(() => {
      this.posts.value = items;
      this.held.value = [];
      this.next.value = next;
    });
    items.forEach(settle);
    return { seq, epoch };
  }

  async loadOlder() {
    const { items, next } = await get(`/walls/${this.id}/posts?limit=${PAGE}&before=${encodeURIComponent(this.next.value)}`);
    batch(() => {
      this.posts.value = items.reduce(insert, this.posts.value);
      this.next.value = next;
    });
  }

  /** Told by the view: is anybody looking, and has he scrolled down? */
  look({ watched = this.#watched, scrolledDown = this.#scrolledDown }) {
    this.#watched = watched;
    this.#scrolledDown = scrolledDown;
    if (watched) markRead(this.id);
    if (!scrolledDown && this.held.value.length) this.release();
  }

  release() {
    batch(() => {
      this.posts.value = this.held.value.reduce(insert, this.posts.value);
      this.held.value = [];
    });
  }

  #apply({ event, data }) {
    if (event === "post.created") this.#arrive(data);
    if (event === "post.deleted") this.#take(data.id);
    if (event === "post.restored") this.add(data);
  }

  #arrive(item) {
    settle(item);
    const mine = item.author.id === user.value.id;
    if (this.#has(item.id)) return;
    if (mine) return this.add(item);
    if (this.#scrolledDown) this.held.value = insert(this.held.value, item);
    else this.add({ ...item, arrived: true });
    announce(`New post by ${fullName(item.author)}`);
    if (!this.#watched) noteUnread(this.id);
  }

  #has = (id) => [...(this.posts.value ?? []), ...this.held.value].some((item) => item.id === id);

  /** A post from an answer or an event; a second time changes nothing. What is older than the loaded ones comes with its page. */
  add(item) {
    const posts = this.posts.value;
    if (posts && (this.next.value === null || item.id > posts.at(-1).id)) this.posts.value = insert(posts, item);
  }

  #take(id) {
    this.posts.value = this.posts.value.filter((item) => item.id !== id);
    this.held.value = this.held.value.filter((item) => item.id !== id);
  }

  /** Hidden at once; back again if the server refuses. */
  async delete(item) {
    this.#hide(item.id, true);
    try {
      await remove(`/posts/${item.id}`);
      this.#take(item.id);
    } finally {
      this.#hide(item.id, false);
    }
  }

  async restore(item) {
    this.add(await post(`/posts/${item.id}/restoration`));
  }

  #hide(id, hidden) {
    const ids = new Set(this.#hidden.value);
    if (hidden) ids.add(id);
    else ids.delete(id);
    this.#hidden.value = ids;
  }
}
