/** Arranging a board: each change is shown at once and stored at once, one after the other. */
import { signal } from "@preact/signals";
import { say } from "../frame/toast.js";
import { put } from "../lib/http.js";
import { titleOf } from "./series.js";

export const WIDEST = 4;
export const HIGHEST = 3;
const ID_LENGTH = 8;

export class Arranging {
  /** Whether somebody does. */
  on = signal(false);
  #board;
  /** The version that the draft was made from. */
  #base = null;
  #saving = null;

  constructor(board) {
    this.#board = board;
  }

  /** The tiles as they are to be, on the screen alone: while something is dragged. */
  show(tiles) {
    this.#base ??= this.#board.board.value.version;
    this.#board.draft.value = tiles;
  }

  /** Stored when the promise is fulfilled; rejected with the Problem, and then everything is as the server has it. */
  change(tiles) {
    this.show(tiles);
    return (this.#saving ??= this.#save().finally(() => (this.#saving = null)));
  }

  /** The same, where nobody waits. */
  set(tiles) {
    this.change(tiles).catch((problem) => say(problem.status === 409 ? THEIRS : `Not saved. ${problem.message}`));
  }

  async #save() {
    const { board, draft } = this.#board;
    try {
      while (draft.value) {
        const tiles = draft.value;
        const stored = await put(`/boards/${board.value.id}/tiles`, { tiles, version: this.#base });
        this.#base = stored.version;
        this.#board.put(stored);
        if (draft.value === tiles) this.#forget();
      }
    } catch (problem) {
      if (problem.status === 409) await this.#board.refresh().catch(() => {});
      this.#forget();
      throw problem;
    }
  }

  #forget() {
    this.#base = null;
    this.#board.draft.value = null;
  }

  // What one does

  get #tiles() {
    return this.#board.tiles.value;
  }

  put(tile) {
    const isNew = !this.#tiles.some(({ id }) => id === tile.id);
    return this.change(isNew ? [...this.#tiles, tile] : this.#tiles.map((one) => (one.id === tile.id ? tile : one)));
  }

  keep = (tile) => this.set([...this.#tiles, { ...tile, id: freshTileId() }]);

  /** To the place of another; `store` false: on the screen alone. */
  move(id, to, { store = true } = {}) {
    const tiles = this.#tiles.filter((tile) => tile.id !== id);
    const place = Math.min(tiles.length, Math.max(0, to));
    tiles.splice(place, 0, this.#tiles.find((tile) => tile.id === id));
    if (store) this.set(tiles);
    else this.show(tiles);
  }

  step = (id, by) => this.move(id, this.#tiles.findIndex((tile) => tile.id === id) + by);

  resize(id, width, height, { store = true } = {}) {
    const size = { width: within(width, WIDEST), height: within(height, HIGHEST) };
    const tiles = this.#tiles.map((tile) => (tile.id === id ? { ...tile, ...size } : tile));
    if (store) this.set(tiles);
    else this.show(tiles);
  }

  store = () => this.#board.draft.value && this.set(this.#board.draft.value);

  remove(tile) {
    const place = this.#tiles.indexOf(tile);
    this.set(this.#tiles.filter((one) => one !== tile));
    const back = () => this.set(this.#tiles.toSpliced(place, 0, tile));
    say(`${titleOf(tile) || "The tile"} is removed`, { label: "Undo", run: back });
  }
}

export const THEIRS = "Somebody else arranged this board meanwhile. Here is theirs; yours is not saved.";

const within = (size, most) => Math.min(most, Math.max(1, size));

export const freshTileId = () => Array.from(crypto.getRandomValues(new Uint8Array(ID_LENGTH)), (byte) => (byte % 36).toString(36)).join("");
