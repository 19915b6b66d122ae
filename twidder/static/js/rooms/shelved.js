/** One room as the list of rooms knows it: how it is called, what was said last, how much of it is unread, who is here. */
import { batch, computed, signal } from "@preact/signals";
import { user } from "../accounts/session.js";
import { get } from "../lib/http.js";
import { live } from "../live/socket.js";
import { topicOf } from "./names.js";

export class Shelved {
  room = signal(null);
  mine = signal(null);
  last = signal(null);
  /** { version, count, here: [Author] }; null while its topic is not joined */
  presence = signal(null);
  /** Unread messages that arrived since it was loaded: { id, seq, mention }. Those before are counted by the server. */
  #heard = signal([]);
  #loadedHead = 0;
  #leave = null;
  #asking = false;

  unread = computed(() => this.mine.value.unread + this.#heard.value.length);
  mentions = computed(() => this.mine.value.mentions + this.#heard.value.filter(({ mention }) => mention).length);
  isDirect = computed(() => this.room.value.kind === "dm");
  isIn = computed(() => this.mine.value.state === "in");
  /** What asks for an answer: mentions, and whatever is said to me alone. */
  calls = computed(() => (this.mine.value.level === "nothing" ? 0 : this.isDirect.value ? this.unread.value : this.mentions.value));
  activity = computed(() => this.last.value?.created_at ?? this.room.value.created_at);

  constructor(room, arrived) {
    this.id = room.id;
    this.topic = topicOf(room);
    this.arrived = arrived;
    this.replace(room);
  }

  /** By a whole answer of the server. */
  replace({ mine, last, seq: _seq, epoch: _epoch, ...room }) {
    batch(() => {
      this.room.value = room;
      if (last !== undefined) this.last.value = last;
      if (!mine) return;
      this.mine.value = mine;
      this.#heard.value = [];
      this.#loadedHead = mine.head;
    });
  }

  /** By the list of rooms: what its own topic tells is newer than the list while it is followed. */
  renew(room) {
    if (!this.isFollowed) return this.replace(room);
    const { role, state, level, muted_until } = room.mine;
    this.amend({ role, state, level, muted_until });
  }

  amend(changes) {
    this.mine.value = { ...this.mine.value, ...changes };
  }

  follow(epoch) {
    this.#leave ??= live.topics.follow(this.topic, {
      seq: this.mine.value.head,
      epoch,
      apply: (event) => this.#apply(event),
      reload: () => this.reload(),
      lost: () => this.leave(),
      presence: (now) => (this.presence.value = now),
    });
  }

  get isFollowed() {
    return this.#leave !== null;
  }

  leave() {
    this.#leave?.();
    this.#leave = null;
    this.presence.value = null;
  }

  async reload() {
    const room = await get(`/rooms/${this.id}`);
    this.replace(room);
    return { seq: room.seq, epoch: room.epoch };
  }

  /** Its topic, which is not joined, has come this far. */
  async hearOf(head) {
    if (this.isFollowed || head <= this.mine.value.head || this.#asking) return;
    this.#asking = true;
    await this.reload().catch(() => null);
    this.#asking = false;
  }

  /** In this or another tab everything up to `seq` has been read. */
  readUpTo(seq) {
    if (seq <= this.mine.value.read_seq) return;
    const allOfTheLoaded = seq >= this.#loadedHead;
    batch(() => {
      this.amend({ read_seq: seq, ...(allOfTheLoaded && { unread: 0, mentions: 0 }) });
      this.#heard.value = this.#heard.value.filter((message) => message.seq > seq);
    });
    if (!allOfTheLoaded && this.mine.value.unread) get(`/rooms/${this.id}`).then(({ mine }) => this.#recount(mine), () => {});
  }

  #recount({ read_seq, unread, mentions, head }) {
    if (read_seq < this.mine.value.read_seq) return;
    batch(() => {
      this.amend({ unread, mentions });
      this.#heard.value = this.#heard.value.filter(({ seq }) => seq > head);
      this.#loadedHead = head;
    });
  }

  #apply({ event, seq, data }) {
    batch(() => {
      this.amend({ head: seq });
      if (event === "message.posted" && data.text !== undefined) this.#posted(data, seq);
      if (event === "message.edited" && data.text !== undefined) this.#amendLast(data);
      if (event === "message.deleted") this.#deleted(data);
      if (event === "message.restored" && data.text !== undefined) this.#amendLast(data);
      if (event === "room.changed") this.room.value = { ...data, people: this.room.value.people };
      if (event === "member.joined") this.#count(1);
      if (event === "member.left") this.#count(-1);
    });
  }

  #posted(message, seq) {
    this.last.value = message;
    if (message.author.id === user.value.id) return;
    const mention = Object.values(message.mentions ?? {}).includes(user.value.id);
    if (seq > this.mine.value.read_seq) this.#heard.value = [...this.#heard.value, { id: message.id, seq, mention }];
    this.arrived(this, message, mention);
  }

  #amendLast(message) {
    if (this.last.value?.id === message.id) this.last.value = message;
  }

  #deleted({ id }) {
    this.#heard.value = this.#heard.value.filter((message) => message.id !== id);
    if (this.last.value?.id === id) this.last.value = { ...this.last.value, text: "", deleted: true };
  }

  #count(change) {
    this.room.value = { ...this.room.value, members: this.room.value.members + change };
  }
}
