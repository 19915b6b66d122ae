/** One conversation as this page shows it: loaded by HTTP, kept up to date by its topic. */
import { batch, computed, signal } from "@preact/signals";
import { isStaff } from "../accounts/roles.js";
import { user } from "../accounts/session.js";
import { ShownBoards } from "../boards/shown.js";
import { announce } from "../lib/announce.js";
import { get, patch, post, put, remove } from "../lib/http.js";
import { fullName } from "../lib/text.js";
import { since } from "../lib/time.js";
import { settle, whenDelivered } from "../live/outbox.js";
import { live } from "../live/socket.js";
import { without, withReaction } from "./changes.js";
import { isEmpty, note, nothing, tell } from "./comings.js";
import { oneLine } from "./markdown.js";
import { nameOf, topicOf } from "./names.js";
import { Pages } from "./pages.js";
import { Reading } from "./reading.js";
import { put as shelve, shelved } from "./shelf.js";
import { Typists } from "./typists.js";
import { Uploads } from "./uploads.js";

/** The rooms that are shown. */
const open = new Set();

export class Room {
  room = signal(null);
  problem = signal(null);
  /** Why this room is not mine to read any more. */
  lost = signal(null);
  pages;
  reading;
  typists = new Typists();
  uploads;
  boards;
  /** id of a message → who came and went after it */
  comings = signal(new Map());
  /** { version, count, here: [Author] } */
  presence = signal(null);
  /** user id → when they came, of those who came while I looked */
  cameAt = new Map();
  /** What is being written: { reply: message } | { edit: message } | null */
  mode = signal(null);
  /** The newest message is far below, or not loaded. */
  away = signal(false);
  /** Asks the list to go somewhere: { to: message id | "end" | "new", mark? } */
  jump = signal(null);
  #mine = signal(null);
  #leave = () => {};
  #closed = false;

  mine = computed(() => shelved(this.id)?.mine.value ?? this.#mine.value);
  isIn = computed(() => this.mine.value?.state === "in");
  moderates = computed(() => this.room.value?.kind !== "dm" && (isStaff() || ["owner", "moderator"].includes(this.mine.value?.role)));
  canWrite = computed(() => this.isIn.value && !this.room.value?.archived && !this.isMuted);

  constructor(id, where) {
    this.id = id;
    this.pages = new Pages(id);
    this.reading = new Reading(this);
    this.uploads = new Uploads(`/rooms/${id}/files`);
    this.boards = new ShownBoards(id);
    open.add(this);
    this.open(where);
  }

  get isMuted() {
    return (this.mine.value?.muted_until ?? 0) > Date.now();
  }

  /** `where`: as Pages.open; nothing = the first unread message, or the newest. */
  async open(where) {
    this.problem.value = null;
    try {
      const position = await this.#loadRoom();
      if (this.#isShut) return this.pages.empty();
      await this.#loadMessages(where ?? this.#firstUnread());
      if (!this.#closed) this.#follow(position);
    } catch (problem) {
      this.problem.value = problem;
    }
  }

  /** Invited, one sees what the room is, and nothing of what is said in it. */
  get #isShut() {
    return this.room.value.kind === "members" && !this.isIn.value;
  }

  close() {
    this.#closed = true;
    open.delete(this);
    this.#leave();
    this.typists.forget();
    this.reading.stop();
    this.uploads.clear();
    this.boards.close();
  }

  async #loadRoom() {
    const { mine, last, seq, epoch, ...room } = await get(`/rooms/${this.id}`);
    batch(() => {
      this.room.value = room;
      this.#mine.value = mine ?? null;
    });
    this.topic = topicOf(room);
    return { seq, epoch };
  }

  #firstUnread = () => (this.#mine.value?.unread ? { unread: true } : {});

  async #loadMessages(where) {
    const position = await this.pages.open(where);
    if (!position) return;
    this.pages.items.value.forEach(settle);
    this.reading.begin(position.seq);
    this.jump.value = { to: where.around ?? (where.at ? this.pages.items.value.find(({ created_at }) => created_at >= where.at)?.id : "new") ?? "end" };
  }

  #follow(position) {
    this.#leave();
    this.boards.load();
    this.#leave = live.topics.follow(this.topic, {
      ...position,
      apply: (event) => this.#apply(event),
      reload: async () => {
        const now = await this.#loadRoom();
        await this.#loadMessages(this.#firstUnread());
        this.boards.load();
        return now;
      },
      lost: (reason) => (this.lost.value = reason ?? "gone"),
      presence: (now, change) => this.#presence(now, change),
      typing: (person) => this.typists.hear(person),
      read: (seq) => this.reading.readUpTo(seq),
    });
  }

  #apply({ event, seq, data }) {
    this.reading.head = seq;
    batch(() => this.#EVENTS[event]?.(data));
  }

  /** A text may be missing: it was edited or deleted since, and a later event tells. */
  #EVENTS = {
    "message.posted": (data) => data.text !== undefined && this.#arrive(data),
    "message.edited": (data) => data.text !== undefined && this.put(data),
    "message.restored": (data) => data.text !== undefined && this.put(data),
    "message.deleted": ({ id }) => this.pages.change(id, without),
    "reaction.changed": ({ message, emoji, user: person, on }) => this.pages.change(message, (item) => withReaction(item, emoji, person, on)),
    "room.changed": (data) => (this.room.value = { ...data, people: this.room.value.people }),
    "member.joined": ({ user: person }) => this.#note("joined", person, 1),
    "member.left": ({ user: id, reason }) => this.#memberLeft(id, reason),
    "board.shown": (board) => board.deleted || this.boards.show(board),
    "board.hidden": ({ id }) => this.boards.hide(id),
    "board.silent": ({ board, key, since: from, deleted }) => deleted || this.#tell(board, key, `${board.name}: ${key} is silent since ${since(from)}`),
    "board.back": ({ board, key, deleted }) => deleted || this.#tell(board, key, `${board.name}: ${key} is back`),
    "member.changed": ({ user: id, role, muted_until }) => id === user.value?.id && this.#amendMine({ role, muted_until }),
  };

  /** A message from an event or from the answer to my own; a second time changes nothing. */
  put(message) {
    settle(message);
    this.pages.add(message, this.reading.atEnd);
  }

  #arrive(message) {
    this.typists.stop(message.author.id);
    const isNew = !this.pages.items.value.some(({ id }) => id === message.id);
    this.put(message);
    if (message.reply_to) this.pages.fetchQuoted(message.reply_to);
    if (!isNew || message.author.id === user.value?.id) return;
    this.reading.arrived(message);
    announce(`${fullName(message.author)}: ${oneLine(message.text)}`);
  }

  #amendMine(changes) {
    if (this.#mine.value) this.#mine.value = { ...this.#mine.value, ...changes };
  }

  #memberLeft(id, reason) {
    const person = this.presence.value?.here.find((one) => one.id === id);
    if (person) this.#note(reason === "left" ? "left" : "removed", person, -1);
    else this.#count(-1);
  }

  #presence(now, change) {
    const before = new Map(this.presence.value?.here.map((person) => [person.id, person]));
    change?.joined.forEach(({ id }) => before.has(id) || this.cameAt.set(id, Date.now()));
    this.presence.value = now;
    if (!change || this.room.value.kind === "dm") return;
    change.joined.filter(({ id }) => !before.has(id)).forEach((person) => this.#note("joined", person));
    change.left.filter((id) => before.has(id)).forEach((id) => this.#note("left", before.get(id)));
  }

  #note(what, person, members = 0) {
    this.#count(members);
    if (person.id !== user.value?.id) this.#amendComings((group) => note(group, what, person));
  }

  #tell(board, key, text) {
    this.#amendComings((group) => tell(group, `${board.id}/${key}`, text));
  }

  /** Of those behind the newest message. */
  #amendComings(amend) {
    const last = this.pages.items.value?.at(-1)?.id ?? 0;
    const group = amend(this.comings.value.get(last) ?? nothing(last));
    const comings = new Map(this.comings.value).set(last, group);
    if (isEmpty(group)) comings.delete(last);
    this.comings.value = comings;
  }

  #count(change) {
    if (change) this.room.value = { ...this.room.value, members: this.room.value.members + change };
  }

  // What I do

  async join() {
    const wasShut = this.#isShut;
    const answer = await put(`/rooms/${this.id}/members/${user.value.id}`, {});
    batch(() => {
      this.#mine.value = answer.mine;
      shelve(answer);
    });
    if (wasShut) await this.open();
  }

  decline = () => remove(`/rooms/${this.id}/members/${user.value.id}`);

  async edit(message, text) {
    this.pages.replace(await patch(`/messages/${message.id}`, { text }));
  }

  /** Gone at once; back again if the server refuses. */
  async delete(message) {
    this.pages.change(message.id, without);
    try {
      await remove(`/messages/${message.id}`);
    } catch (problem) {
      this.pages.replace(message);
      throw problem;
    }
  }

  async restore(message) {
    this.pages.replace(await post(`/messages/${message.id}/restoration`));
  }

  async react(message, emoji) {
    const me = user.value.id;
    const on = !message.reactions?.some((one) => one.emoji === emoji && one.users.includes(me));
    const turn = (state) => this.pages.change(message.id, (item) => withReaction(item, emoji, me, state));
    const path = `/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
    turn(on);
    try {
      await (on ? put(path, {}) : remove(path));
    } catch (problem) {
      turn(!on);
      throw problem;
    }
  }

  // Where to look

  /** Shows a message, wherever in the conversation it is. */
  async show(id) {
    if (!this.pages.items.value.some((item) => item.id === id)) await this.pages.open({ around: id });
    this.jump.value = { to: id, mark: true };
  }

  async showDay(at) {
    await this.#loadMessages({ at });
  }

  async showNewest() {
    if (!this.pages.hasEnd) await this.pages.open();
    this.jump.value = { to: "end" };
  }

  get name() {
    return nameOf(this.room.value);
  }
}

/** An answer is not newer than what its event has brought already. */
const deliver = (message) => open.forEach((room) => room.id === message.room && !room.pages.find(message.id) && room.put(message));

whenDelivered("room", deliver);
whenDelivered("dm", deliver);
