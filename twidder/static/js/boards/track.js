/** What a tile keeps of one series: bounded, however fast it comes and however long. Pure. */

/** Numbers: columns `at`, `low`, `high`, `mean`. Twice as many as there are pixels; then neighbours become one. */
export class Track {
  at = [];
  low = [];
  high = [];
  mean = [];
  /** ms between two points, where they stand for more than themselves */
  step;
  #count = [];
  #most;

  constructor(most, { items, step = 0 } = { items: [] }) {
    this.#most = most;
    this.step = step;
    for (const [at, ...values] of items) this.#push(at, ...(step ? values : [Number(values[0]), Number(values[0]), Number(values[0])]));
  }

  get #columns() {
    return [this.at, this.low, this.high, this.mean, this.#count];
  }

  #push(...point) {
    const whole = [...point, 1];
    this.#columns.forEach((column, index) => column.push(whole[index]));
  }

  /** What is older than the newest comes with the next load. */
  add(at, value) {
    if (at <= this.at.at(-1)) return;
    this.#push(at, value, value, value);
    if (this.size > 2 * this.#most) this.#merge();
  }

  /** To one point for each pixel, or fewer; the newest stays what it is. */
  #merge() {
    const step = (this.at.at(-1) - this.at[0]) / this.#most;
    this.step = Math.max(this.step, step);
    let last = 0;
    for (let index = 1; index < this.size; index += 1) {
      const isSame = Math.floor(this.at[index] / step) === Math.floor(this.at[last] / step) && index < this.size - 1;
      if (isSame) this.#mergeInto(last, index);
      else this.#columns.forEach((column) => (column[last + 1] = column[index]));
      last += isSame ? 0 : 1;
    }
    this.#columns.forEach((column) => (column.length = last + 1));
  }

  #mergeInto(last, index) {
    const { at, low, high, mean } = this;
    const [before, added] = [this.#count[last], this.#count[index]];
    at[last] = at[index];
    low[last] = Math.min(low[last], low[index]);
    high[last] = Math.max(high[last], high[index]);
    mean[last] += ((mean[index] - mean[last]) * added) / (before + added);
    this.#count[last] = before + added;
  }

  /** One point before the window stays: the line comes from there. */
  prune(from) {
    let gone = 0;
    while (this.at[gone + 1] < from) gone += 1;
    if (gone) this.#columns.forEach((column) => column.splice(0, gone));
  }

  get size() {
    return this.at.length;
  }
}

/** Texts: [at, text], oldest first. */
export class Words {
  items;
  #most;

  constructor(most, { items } = { items: [] }) {
    this.#most = most;
    this.items = items.slice(-most);
  }

  add(at, text) {
    if (at <= this.items.at(-1)?.[0]) return;
    this.items.push([at, text]);
    if (this.items.length > this.#most) this.items.shift();
  }

  prune(from) {
    const first = this.items.findIndex(([at]) => at >= from);
    this.items.splice(0, first < 0 ? this.items.length : first);
  }

  get size() {
    return this.items.length;
  }
}
