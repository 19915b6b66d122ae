/** How far I have read in one conversation, and what is new in it. Every tab agrees, by the server. */
import { signal } from "@preact/signals";
import { user } from "../accounts/session.js";
import { live } from "../live/socket.js";

const PAUSE = 1_000;

export class Reading {
  /** id of the message above which "New" stands, or null */
  newFrom = signal(null);
  /** Messages that came while the reader was further up. */
  missed = signal(0);
  /** The newest event known here. */
  head = 0;
  /** Told by the list: the newest message is to be seen. */
  atEnd = true;
  #room;
  #readSeq = 0;
  #timer = null;
  /** All that is here has been seen: the line belongs above what comes next. */
  #isRead = true;

  constructor(room) {
    this.#room = room;
  }

  /** A page was loaded that is true up to `head`. */
  begin(head) {
    const { items, older } = this.#room.pages;
    this.head = Math.max(this.head, head);
    this.#readSeq = Math.max(this.#readSeq, this.#room.mine.value?.read_seq ?? 0);
    if (this.#room.isIn.value) this.newFrom.value = firstUnread(items.value, this.#readSeq, older.value === null);
    this.#isRead = this.newFrom.value === null;
  }

  get watched() {
    return this.atEnd && this.#room.pages.hasEnd && !document.hidden && document.hasFocus();
  }

  arrived(message) {
    if (this.watched) return this.look();
    if (!this.atEnd || !this.#room.pages.hasEnd) this.missed.value += 1;
    if (this.#isRead) this.newFrom.value = message.id;
    this.#isRead = false;
  }

  /** Told by the list and the window: where one is, and whether one looks. */
  look(atEnd = this.atEnd) {
    this.atEnd = atEnd;
    if (!this.watched) return;
    this.missed.value = 0;
    this.#isRead = true;
    if (this.head > this.#readSeq && this.#room.isIn.value) this.#timer ??= setTimeout(() => this.#tell(), PAUSE);
  }

  #tell() {
    this.#timer = null;
    if (!this.watched || this.head <= this.#readSeq) return;
    this.#readSeq = this.head;
    live.say({ type: "read", topic: this.#room.topic, seq: this.head });
  }

  readUpTo(seq) {
    this.#readSeq = Math.max(this.#readSeq, seq);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/**
 * null also where it lies further up than what is loaded. An edited message has the number of its edit: it says nothing
 * about whether it had been read.
 */
function firstUnread(messages, readSeq, isBeginning) {
  const known = messages.findLastIndex(({ seq, edited_at }) => !edited_at && seq <= readSeq);
  if (known === -1 && !isBeginning) return null;
  const fresh = messages.slice(known + 1).find(({ author, deleted }) => author.id !== user.value?.id && !deleted);
  return fresh?.id ?? null;
}
