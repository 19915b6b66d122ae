/** The posts on the walls of those I follow, live. */
import { signal } from "@preact/signals";
import { get, post, remove } from "../lib/http.js";
import { live } from "../live/socket.js";

/** Of each connection's topics the rooms need most. */
const WALLS = 30;
const insert = (posts, item) => [...posts.filter(({ id }) => id !== item.id), item].sort((a, b) => b.id - a.id);

export class Feed {
  /** Newest first; null until loaded. */
  posts = signal(null);
  next = signal(null);
  problem = signal(null);
  #leaves = new Map();

  /** The walls to listen to, and the feed anew, since whom I follow has changed. */
  async follow(people) {
    const wanted = new Set(people.slice(-WALLS).map(({ id }) => id));
    for (const id of wanted) if (!this.#leaves.has(id)) this.#leaves.set(id, this.#listen(id));
    for (const [id, leave] of this.#leaves) if (!wanted.has(id)) this.#leaves.delete(id), leave();
    await this.load();
  }

  close() {
    this.#leaves.forEach((leave) => leave());
  }

  async load() {
    try {
      const { items, next } = await get("/feed");
      this.posts.value = items;
      this.next.value = next;
      this.problem.value = null;
    } catch (problem) {
      this.problem.value = problem;
    }
  }

  async loadOlder() {
    const { items, next } = await get(`/feed?before=${encodeURIComponent(this.next.value)}`);
    this.posts.value = items.reduce(insert, this.posts.value);
    this.next.value = next;
  }

  /** What a card may do with its post. */
  actsOn({ wall: id }) {
    return {
      id,
      delete: async (item) => {
        await remove(`/posts/${item.id}`);
        this.#take(item.id);
      },
      restore: async (item) => this.#add(await post(`/posts/${item.id}/restoration`)),
    };
  }

  #listen(id) {
    return live.topics.follow(`wall:${id}`, {
      seq: null,
      epoch: null,
      apply: (event) => this.#apply(event),
      reload: () => this.load().then(() => ({ seq: null, epoch: null })),
      lost: () => this.load(),
    });
  }

  #apply({ event, data }) {
    if (event === "post.created" && data.text !== undefined) this.#add({ ...data, arrived: true });
    if (event === "post.restored" && data.text !== undefined) this.#add(data);
    if (event === "post.deleted") this.#take(data.id);
  }

  #add(item) {
    if (this.posts.value) this.posts.value = insert(this.posts.value, item);
  }

  #take(id) {
    this.posts.value = this.posts.value?.filter((item) => item.id !== id) ?? null;
  }
}
