/**
 * State topics: the newest value of each key. Their numbers only grow, and what is newer replaces what is older; so a
 * loss costs nothing but a join from where one stands. While a join is on its way, frames wait for its answer, merged.
 */

const RELOAD_AGAIN = 3_000;

export class States {
  /** name → { followers: Set, asked: { id, from } or null, waiting: { seq, at, data } or null } */
  #topics = new Map();
  #join;
  #leave;
  #epoch = null;
  #connected = false;

  /** `join({ name: seq or null })` says it to the server and returns the frame's id; `leave(name)`. */
  constructor({ join, leave }) {
    this.#join = join;
    this.#leave = leave;
  }

  has = (name) => this.#topics.has(name);

  /** `follower`: as Topics.followState says. Returns how to leave. */
  follow(name, follower) {
    const topic = this.#topics.get(name) ?? { followers: new Set(), asked: null, waiting: null };
    const known = { ...follower };
    topic.followers.add(known);
    this.#topics.set(name, topic);
    this.#ask([name]);
    return () => {
      if (!topic.followers.delete(known) || topic.followers.size || this.#topics.get(name) !== topic) return;
      this.#topics.delete(name);
      if (this.#connected) this.#leave(name);
    };
  }

  clear() {
    this.#topics.clear();
    this.#connected = false;
  }

  connected(epoch) {
    this.#epoch = epoch;
    this.#connected = true;
    this.#ask([...this.#topics.keys()]);
  }

  disconnected() {
    this.#connected = false;
    this.#topics.forEach((topic) => Object.assign(topic, { asked: null, waiting: null }));
  }

  /** Joins from the oldest position of those who follow. What was numbered in another epoch counts for nothing. */
  #ask(names) {
    const topics = names.map((name) => this.#topics.get(name));
    const positions = topics.map((topic) => oldest(topic, this.#epoch));
    const wanted = names.map((name, index) => [name, positions[index]]).filter((_, index) => !isAsked(topics[index], positions[index]));
    if (!this.#connected || !wanted.length) return;
    const id = this.#join(Object.fromEntries(wanted));
    for (const [name, from] of wanted) this.#topics.get(name).asked = { id, from };
  }

  /** `id`: of the join that is answered. */
  joined(name, answer, id) {
    const topic = this.#topics.get(name);
    if (topic?.asked?.id !== id) return;
    const { from } = topic.asked;
    topic.asked = null;
    if (answer.error) return this.lose(name, answer.error);
    if (answer.reset) return this.#reload(name, topic);
    this.#tell(topic, { seq: answer.seq, data: answer.state ?? {} }, { whole: from === null, caughtUp: true });
    const waiting = topic.waiting;
    topic.waiting = null;
    if (waiting && waiting.seq > answer.seq) this.#tell(topic, waiting, { whole: false, caughtUp: false });
  }

  frame({ topic: name, seq, at, data }) {
    const topic = this.#topics.get(name);
    if (!topic) return;
    if (topic.asked) topic.waiting = { seq, at, data: { ...topic.waiting?.data, ...data } };
    else this.#tell(topic, { seq, at, data }, { whole: false, caughtUp: false });
  }

  #tell(topic, { seq, at, data }, { whole, caughtUp }) {
    for (const follower of steady(topic)) {
      const isKnown = follower.seq !== null && follower.epoch === this.#epoch;
      if (isKnown ? isOld(seq, follower.seq, caughtUp) : !whole) continue;
      Object.assign(follower, { seq, epoch: this.#epoch });
      follower.state(data, { seq, at, whole, caughtUp });
    }
  }

  /** A heartbeat knows of something that never came. */
  head(name, head) {
    const topic = this.#topics.get(name);
    if (topic && [...topic.followers].some(({ seq }) => seq === null || head > seq)) this.#ask([name]);
  }

  gap(name) {
    if (this.#topics.has(name)) this.#ask([name]);
  }

  lose(name, reason) {
    const topic = this.#topics.get(name);
    this.#topics.delete(name);
    topic?.followers.forEach((follower) => follower.lost?.(reason));
  }

  /** Too much at once: everything anew, by REST. Until it is here the follower hears nothing. */
  #reload(name, topic) {
    topic.waiting = null;
    steady(topic).forEach(async (follower) => {
      follower.reloading = true;
      let position = null;
      while (!position && topic.followers.has(follower)) {
        position = await follower.reload().catch(() => null);
        if (!position) await new Promise((resolve) => setTimeout(resolve, RELOAD_AGAIN));
      }
      Object.assign(follower, position, { reloading: false });
      if (this.#topics.get(name) === topic) this.#ask([name]);
    });
  }
}

/** An answer of where one stands says that nothing was missed. */
const isOld = (seq, known, isAnswer) => (isAnswer ? seq < known : seq <= known);

const steady = ({ followers }) => [...followers].filter(({ reloading }) => !reloading);

/** null: somebody knows nothing yet. */
function oldest(topic, epoch) {
  const positions = steady(topic).map((follower) => (follower.epoch === epoch ? follower.seq : null));
  return positions.includes(null) ? null : Math.min(...positions);
}

/** Whether an answer that is on its way will do. */
const isAsked = ({ asked }, from) => asked !== null && (asked.from === null || (from !== null && asked.from <= from));
