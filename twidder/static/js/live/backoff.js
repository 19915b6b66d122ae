/** How long to wait before trying again: first 0.3–2 s, then full jitter under a ceiling that doubles to 30 s. */

const FLOOR = 300;
const FIRST = 2_000;
const CEILING = 30_000;

export class Backoff {
  #failures = 0;

  next() {
    const ceiling = Math.min(CEILING, FIRST * 2 ** this.#failures);
    this.#failures += 1;
    return FLOOR + Math.random() * (ceiling - FLOOR);
  }

  restore() {
    this.#failures = 0;
  }
}
