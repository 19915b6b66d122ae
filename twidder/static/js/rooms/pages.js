/**
 * The part of a conversation that this page holds: one stretch without gaps, oldest first, that grows at both ends by
 * pages and lets go of the other end, so that it stays small however long the conversation is.
 */
import { batch, signal } from "@preact/signals";
import { get } from "../lib/http.js";

const PAGE = 50;
/** While one scrolls: so few that drawing them fits between two pictures of the screen, nearly. */
const STEP = 25;
const MOST = 200;

export class Pages {
  /** null until the first page is here */
  items = signal(null);
  /** Ids to load from at either end; null where the conversation ends. */
  older = signal(null);
  newer = signal(null);
  /** id → the message that a reply answers, as it is now */
  quoted = signal(new Map());
  #path;
  #loading = new Set();
  #turn = 0;

  constructor(room) {
    this.#path = `/rooms/${room}/messages`;
  }

  /** `where`: { around: id }, { at: ms }, { unread: true } or nothing, which is the newest. Returns { seq, epoch }. */
  async open(where = {}) {
    const turn = (this.#turn += 1);
    const page = await this.#get(where);
    if (turn !== this.#turn) return null;
    batch(() => {
      this.items.value = page.items;
      this.older.value = page.older;
      this.newer.value = page.newer;
      this.#quote(page.quoted);
    });
    return { seq: page.seq, epoch: page.epoch };
  }

  empty() {
    this.items.value = [];
  }

  loadOlder = () => this.#extend(this.older, "before", (items) => this.#keep([...items, ...this.items.value], "start"));
  loadNewer = () => this.#extend(this.newer, "after", (items) => this.#keep([...this.items.value, ...items], "end"));

  async #extend(end, side, join) {
    if (end.value === null || this.#loading.has(side)) return;
    this.#loading.add(side);
    const turn = this.#turn;
    try {
      const page = await this.#get({ [side]: end.value, limit: STEP });
      if (turn !== this.#turn) return;
      const known = new Set(this.items.value.map(({ id }) => id));
      batch(() => {
        end.value = side === "before" ? page.older : page.newer;
        this.#quote(page.quoted);
        join(page.items.filter(({ id }) => !known.has(id)));
      });
    } finally {
      this.#loading.delete(side);
    }
  }

  /** Of too many, those at the end that did not grow are let go. */
  #keep(items, grown) {
    const kept = grown === "start" ? items.slice(0, MOST) : items.slice(-MOST);
    if (kept.length < items.length && grown === "start") this.newer.value = kept.at(-1).id;
    if (kept.length < items.length && grown === "end") this.older.value = kept[0].id;
    this.items.value = kept;
  }

  #get(where) {
    const query = new URLSearchParams({ limit: PAGE, ...where });
    return get(`${this.#path}?${query}`);
  }

  get hasEnd() {
    return this.newer.value === null;
  }

  find = (id) => this.items.value?.find((item) => item.id === id) ?? this.quoted.value.get(id);

  /** Puts a message where it belongs, if that is within the stretch. `atEnd`: the reader is there, so the start may go. */
  add(message, atEnd = true) {
    const items = this.items.value;
    if (!items || items.some(({ id }) => id === message.id)) return this.replace(message);
    const newest = items.at(-1)?.id ?? 0;
    if (message.id > newest) return this.hasEnd && this.#append(message, atEnd);
    if (this.older.value !== null && message.id < items[0].id) return;
    this.items.value = [...items, message].sort((a, b) => a.id - b.id);
  }

  #append(message, atEnd) {
    const items = [...this.items.value, message];
    if (items.length <= MOST) this.items.value = items;
    else if (atEnd) batch(() => this.#keep(items, "end"));
    else this.newer.value = this.items.value.at(-1).id;
  }

  replace(message) {
    this.change(message.id, () => message);
  }

  /** `amend(message)` → the message as it is now; also where it is quoted. */
  change(id, amend) {
    batch(() => {
      if (this.items.value?.some((item) => item.id === id)) this.items.value = this.items.value.map((item) => (item.id === id ? amend(item) : item));
      if (this.quoted.value.has(id)) this.quoted.value = new Map(this.quoted.value).set(id, amend(this.quoted.value.get(id)));
    });
  }

  #quote(messages = []) {
    if (messages.length) this.quoted.value = new Map([...this.quoted.value, ...messages.map((message) => [message.id, message])]);
  }

  keepQuoted(message) {
    this.#quote([message]);
  }

  /** A reply came whose original is nowhere here. */
  async fetchQuoted(id) {
    if (this.find(id)) return;
    const message = await get(`/messages/${id}`).catch(() => null);
    if (message) this.#quote([message]);
  }
}
