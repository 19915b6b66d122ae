/**
 * The recent past of some series, for one tile: the window's points are loaded once, then every change adds to them. It stays
 * small however long the board is open: what falls out of the window goes, and what is finer than it can be drawn merges.
 */
import { computed, signal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { serverNow } from "../live/clock.js";
import { Track, Words } from "./track.js";

const AGAIN = 5_000;
/** Everybody comes back at the same time when a server does. */
const SPREAD = 1_500;

export class Past {
  /** key → Track or Words */
  tracks = new Map();
  /** Counts what has changed; and whether the window is here. */
  changed = signal(0);
  ready = signal(false);
  #board;
  #seconds;
  #most;
  #pasts = new Map();
  #timer = null;
  #stop;

  constructor(board, keys, seconds, most) {
    this.#board = board;
    this.#seconds = seconds;
    this.#most = most;
    keys.forEach((key) => this.tracks.set(key, this.#track(board.values.value.get(key)?.type)));
    this.#stop = board.listen((data, caughtUp) => this.#hear(data, caughtUp));
    this.#load();
  }

  close() {
    this.#stop();
    clearTimeout(this.#timer);
    this.#timer = Infinity;
  }

  get from() {
    return serverNow() - this.#seconds * 1000;
  }

  get size() {
    return Math.max(0, ...[...this.tracks.values()].map(({ size }) => size));
  }

  #track = (type, points) => new (type === "text" ? Words : Track)(this.#most, points);

  async #load() {
    this.#timer = null;
    const keys = [...this.tracks.keys()];
    if (!keys.length) return;
    try {
      const loaded = await this.#board.points.load(keys, this.#seconds, this.#most);
      if (this.#timer === Infinity) return;
      keys.forEach((key) => loaded[key] && this.tracks.set(key, this.#track(loaded[key].type, loaded[key])));
      this.#catchUp();
      this.ready.value = true;
      this.changed.value += 1;
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      if (problem.status !== 404) this.#loadIn(problem.retry_ms ?? AGAIN);
    }
  }

  #loadIn(delay) {
    if (this.#timer === null) this.#timer = setTimeout(() => this.#load(), delay);
  }

  /** The newest values may be newer than what was loaded. */
  #catchUp() {
    const values = this.#board.values.value;
    for (const [key, track] of this.tracks) {
      const value = values.get(key);
      if (value && value.at >= this.from) track.add(value.at, plain(value.value));
      this.#pasts.set(key, value?.past ?? 0);
    }
  }

  #hear(data, caughtUp) {
    if (caughtUp) return this.#loadIn(Math.random() * SPREAD);
    for (const [key, value] of Object.entries(data)) {
      const track = this.tracks.get(key);
      if (!track || !value) continue;
      track.add(value.at, plain(value.value));
      track.prune(this.from);
      if ((value.past ?? 0) > (this.#pasts.get(key) ?? 0)) this.#loadIn(SPREAD);
      this.#pasts.set(key, value.past ?? 0);
      this.changed.value += 1;
    }
  }
}

const plain = (value) => (typeof value === "boolean" ? Number(value) : value);

/** The past of these keys, `seconds` long and `most` points fine; null while `most` is 0. One stays until the next is loaded. */
export function usePast(board, keys, seconds, most) {
  const [past, setPast] = useState(null);
  const types = useMemo(() => computed(() => keys.map((key) => board.values.value.get(key)?.type).join()), [board, keys.join()]).value;
  useEffect(() => {
    if (!most) return;
    const next = new Past(board, keys, seconds, most);
    if (!past) setPast(next);
    const stop = next.ready.subscribe((isReady) => isReady && setPast(next));
    return () => {
      stop();
      next.close();
    };
  }, [board, keys.join(), types, seconds, most]);
  return past;
}
