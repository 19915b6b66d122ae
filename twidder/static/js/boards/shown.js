/** The boards that a room shows, each with its newest values: known from the list, kept by their own topics. */
import { batch, signal } from "@preact/signals";
import { get } from "../lib/http.js";
import { live } from "../live/socket.js";

const AGAIN = 3_000;

/** One board beside a conversation. */
class Shown {
  values = signal(new Map());

  constructor({ id, slug, name }, gone) {
    this.id = id;
    /** The Board; until its state is here, what the room knows of it. */
    this.board = signal({ id, slug, name, tiles: [] });
    this.leave = live.topics.followState(`board:${id}`, { seq: null, epoch: null, state: this.#hear, reload: this.#load, lost: gone });
  }

  #load = async () => {
    const { board, state, seq, epoch } = await get(`/boards/${this.id}`);
    this.#hear({ $board: board, ...state }, { whole: true });
    return { seq, epoch };
  };

  #hear = (data, { whole }) => {
    const values = new Map(whole ? [] : this.values.value);
    for (const [key, value] of Object.entries(data)) {
      if (key.startsWith("$")) continue;
      if (value === null) values.delete(key);
      else values.set(key, value);
    }
    batch(() => {
      if (data.$board) this.board.value = data.$board;
      this.values.value = values;
    });
  };
}

export class ShownBoards {
  /** [Shown], in the order in which they came to be shown; null until known */
  items = signal(null);
  #room;
  #turn = 0;

  constructor(room) {
    this.#room = room;
  }

  async load() {
    const turn = (this.#turn += 1);
    const answer = await get(`/boards?room=${this.#room}`).catch((problem) => problem);
    if (turn !== this.#turn) return;
    if (answer.items) this.#take(answer.items.map(({ board }) => board).reverse());
    else if (answer.unreachable || answer.retry_ms !== undefined) setTimeout(() => turn === this.#turn && this.load(), AGAIN);
  }

  #take(boards) {
    const before = new Map(this.items.value?.map((one) => [one.id, one]));
    this.items.value = boards.map((board) => before.get(board.id) ?? this.#make(board));
    const kept = new Set(this.items.value);
    before.forEach((one) => kept.has(one) || one.leave());
  }

  #make = (board) => new Shown(board, () => this.hide(board.id));

  show(board) {
    if (this.items.value && !this.items.value.some(({ id }) => id === board.id)) this.items.value = [...this.items.value, this.#make(board)];
  }

  hide(id) {
    this.items.value?.filter((one) => one.id === id).forEach((one) => one.leave());
    this.items.value = this.items.value?.filter((one) => one.id !== id) ?? null;
  }

  close() {
    this.#turn += 1;
    this.items.value?.forEach((one) => one.leave());
    this.items.value = null;
  }
}
