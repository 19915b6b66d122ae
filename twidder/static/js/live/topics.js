/**
 * The log topics this page follows, how far it has read each, and the one rule about what may be applied:
 * the next event only. Smaller numbers are ignored; a larger one means a loss, so the topic is joined again.
 */

const RELOAD_AGAIN = 3_000;

export class Topics {
  #followed = new Map();
  #send;
  #epoch = null;
  #connected = false;
  #joins = 0;

  constructor(send) {
    this.#send = send;
  }

  /**
   * `seq` and `epoch`: everything up to here is known (null: start at the head) · `apply(event)` ·
   * `reload()` → promise of a new position · `lost()`: the topic is gone for good.
   */
  follow(name, { seq, epoch, apply, reload, lost }) {
    this.#followed.set(name, { seq, epoch, apply, reload, lost, asked: false });
    if (this.#connected) this.#join([name]);
  }

  unfollow(name) {
    if (this.#followed.delete(name) && this.#connected) this.#send({ type: "leave", topics: [name] });
  }

  clear() {
    this.#followed.clear();
    this.#connected = false;
  }

  connected(epoch) {
    this.#epoch = epoch;
    this.#connected = true;
    this.#join([...this.#followed.keys()]);
  }

  disconnected() {
    this.#connected = false;
  }

  receive(frame) {
    if (frame.type === "joined") Object.entries(frame.topics).forEach(([name, answer]) => this.#joined(name, answer));
    else if (frame.type === "event") this.#event(frame.topic, frame);
    else if (frame.type === "gap") this.#behind(frame.topic);
    else if (frame.type === "left") this.#lose(frame.topic);
    else if (frame.type === "heartbeat") Object.entries(frame.heads ?? {}).forEach(([name, head]) => this.#head(name, head));
  }

  /** One frame per epoch, since a join carries one epoch for all its topics. */
  #join(names) {
    const byEpoch = Map.groupBy(names, (name) => this.#followed.get(name).epoch ?? this.#epoch);
    for (const [epoch, group] of byEpoch) {
      const topics = {};
      for (const name of group) {
        const topic = this.#followed.get(name);
        topic.asked = true;
        topics[name] = topic.seq;
      }
      this.#send({ type: "join", id: (this.#joins += 1), epoch, topics });
    }
  }

  #joined(name, answer) {
    const topic = this.#followed.get(name);
    if (!topic) return;
    topic.asked = false;
    if (answer.error) return this.#lose(name);
    if (answer.reset) return this.#reload(name, topic);
    if (topic.seq === null) return Object.assign(topic, { seq: answer.seq, epoch: this.#epoch });
    for (const event of answer.events ?? []) this.#apply(topic, event);
    if (topic.seq < answer.seq) this.#reload(name, topic);
  }

  #event(name, event) {
    const topic = this.#followed.get(name);
    if (!topic || this.#apply(topic, event)) return;
    if (event.seq > topic.seq) this.#behind(name);
  }

  #apply(topic, event) {
    if (topic.seq === null || event.seq !== topic.seq + 1) return false;
    topic.seq = event.seq;
    topic.apply(event);
    return true;
  }

  #head(name, head) {
    const topic = this.#followed.get(name);
    if (topic && topic.seq !== null && head > topic.seq) this.#behind(name);
  }

  #behind(name) {
    const topic = this.#followed.get(name);
    if (topic && !topic.asked && this.#connected) this.#join([name]);
  }

  #lose(name) {
    const topic = this.#followed.get(name);
    this.#followed.delete(name);
    topic?.lost?.();
  }

  async #reload(name, topic) {
    topic.asked = true;
    const position = await topic.reload().catch(() => null);
    if (this.#followed.get(name) !== topic || !this.#connected) return;
    if (!position) return setTimeout(() => this.#reload(name, topic), RELOAD_AGAIN);
    Object.assign(topic, position);
    this.#join([name]);
  }
}
