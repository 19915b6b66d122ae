/** One board as this page shows it: loaded by HTTP, kept up to date by its topic. While the server is away it stays as it is. */
import { batch, computed, signal } from "@preact/signals";
import * as http from "../lib/http.js";
import { live } from "../live/socket.js";
import { Points } from "./points.js";

const BOARD = "$board";
const POLL = "$poll:";

export class LiveBoard {
  /** As the server tells it; null until loaded. */
  board = signal(null);
  /** The tiles as arranged here and not stored yet. */
  draft = signal(null);
  /** key → Value, in the order of their first values */
  values = signal(new Map());
  /** tile → for each option how many */
  polls = signal(new Map());
  /** { may_arrange, votes: { tile: option } } */
  mine = signal({ may_arrange: false, votes: {} });
  problem = signal(null);
  /** Why it is not mine to see any more. */
  lost = signal(null);
  points;
  #ref;
  #api;
  #listeners = new Set();
  #closed = false;
  #joined = false;
  #leave = () => {};

  /** `api`: get(path); `socket`: where its topic is followed. Others than the page's own for those who only look on. */
  constructor(ref, { api = http, socket = live } = {}) {
    this.#ref = ref;
    this.#api = api;
    this.socket = socket;
    this.points = new Points(() => this.board.value.id, api);
    this.open();
  }

  /** Whether what is shown is what is. */
  get isLive() {
    return this.socket.state.value === "live";
  }

  async open() {
    this.problem.value = null;
    try {
      const position = await this.#load();
      if (this.#closed) return;
      this.#leave = this.socket.topics.followState(`board:${this.board.value.id}`, {
        ...position,
        state: (data, about) => this.#follow(data, about),
        reload: () => this.#load(),
        lost: (reason) => (this.lost.value = reason ?? "gone"),
      });
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      this.problem.value = problem;
    }
  }

  close() {
    this.#closed = true;
    this.#leave();
  }

  /** Everything anew: promise. */
  refresh = () => this.#load();

  async #load() {
    const { board, mine, state, seq, epoch } = await this.#api.get(`/boards/${this.board.value?.id ?? this.#ref}`);
    batch(() => {
      this.board.value = board;
      this.mine.value = { votes: {}, ...mine };
      this.#hear(state, { whole: true, caughtUp: true });
    });
    return { seq, epoch };
  }

  /** Between what was loaded and the first join nothing is missed; and nothing while no series has changed. */
  #follow(data, { whole, caughtUp }) {
    const mayHaveMissed = whole || (caughtUp && this.#joined && Object.keys(data).some((key) => !key.startsWith("$")));
    this.#joined ||= caughtUp;
    this.#hear(data, { whole, caughtUp: mayHaveMissed });
  }

  /** `listener(changes, caughtUp)`: key → Value of what has come; `caughtUp`: there may have been more. Returns how to stop. */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #hear(data, { whole, caughtUp }) {
    const values = whole ? new Map() : new Map(this.values.value);
    const polls = whole ? new Map() : new Map(this.polls.value);
    batch(() => {
      for (const [key, value] of Object.entries(data)) {
        if (key === BOARD) this.put(value);
        else if (key.startsWith(POLL)) turn(polls, key.slice(POLL.length), value?.votes ?? null);
        else if (!key.startsWith("$")) turn(values, key, value);
      }
      if (data[BOARD]) keepOnly(polls, this.board.value.tiles);
      this.values.value = values;
      this.polls.value = polls;
    });
    this.#listeners.forEach((listener) => listener(data, caughtUp));
  }

  /** What it shows: as it is being arranged here, or as the server tells. */
  tiles = computed(() => this.draft.value ?? this.board.value.tiles);
  isEmpty = computed(() => !this.tiles.value.length && !this.values.value.size);

  /** The board from a frame or an answer; an answer may come after the frame of something newer. */
  put(board) {
    if (board.version >= (this.board.value?.version ?? 0)) this.board.value = board;
  }

  voted(tile, option) {
    this.mine.value = { ...this.mine.value, votes: { ...this.mine.value.votes, [tile]: option } };
  }
}

/** Votes of a poll that was taken away are not those of one that is made later by the same name. */
function keepOnly(polls, tiles) {
  const there = new Set(tiles.map(({ id }) => id));
  [...polls.keys()].forEach((id) => there.has(id) || polls.delete(id));
}

function turn(map, key, value) {
  if (value === null) map.delete(key);
  else map.set(key, value);
}
