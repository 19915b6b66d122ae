/** What was: the points of a board's series. Tiles that ask in the same breath share a request. */
import { serverNow } from "../live/clock.js";

const SERIES_AT_ONCE = 20;
const HOURS_AT_ONCE = 90_000; // of all series together; the server refuses more than 100,000

const atOnce = (seconds) => Math.max(1, Math.min(SERIES_AT_ONCE, Math.floor((HOURS_AT_ONCE * 3600) / seconds)));

export class Points {
  #board;
  #api;
  #asked = new Map();

  /** `board()`: its id. */
  constructor(board, api) {
    this.#board = board;
    this.#api = api;
  }

  /** key → { type, step, items }: the last `seconds` of each key, at most `most` points. */
  load(keys, seconds, most) {
    const name = `${seconds}/${most}`;
    if (!this.#asked.has(name)) this.#asked.set(name, this.#begin(name, seconds, most));
    const group = this.#asked.get(name);
    keys.forEach((key) => group.keys.add(key));
    return group.answer;
  }

  #begin(name, seconds, most) {
    const keys = new Set();
    const answer = new Promise((resolve) => setTimeout(resolve)).then(async () => {
      this.#asked.delete(name);
      const size = atOnce(seconds);
      const chunks = Array.from({ length: Math.ceil(keys.size / size) }, (_, index) => [...keys].slice(index * size, (index + 1) * size));
      const answers = await Promise.all(chunks.map((chunk) => this.#api.get(this.#path("points", chunk, seconds, { most }))));
      return Object.assign({}, ...answers.map(({ series }) => series));
    });
    return { keys, answer };
  }

  #path(what, keys, seconds, more = {}) {
    const query = new URLSearchParams({ series: keys.join(","), ...more });
    query.set("since", Math.round(serverNow() - seconds * 1000));
    return `/boards/${this.#board()}/${what}?${query}`;
  }

  csv = (keys, seconds) => `/api/v1${this.#path("points.csv", keys, seconds)}`;
}
