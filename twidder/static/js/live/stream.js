/**
 * The live protocol for who cannot speak: what is joined stands in the address, with all positions, and another topic
 * means another request. To the topics above it looks like a socket: one hello, and an answer to each of their joins.
 */
import { put } from "../lib/http.js";
import { frame as tapped } from "../lib/tap.js";

const SETTLE = 30;
const REFUSED = 1006;
const BROKEN = 0;

export class Stream {
  #name;
  #told;
  #epoch = null;
  #timer = null;
  #changing = false;
  /** topic → up to where it is known; null: nothing yet */
  #positions = new Map();
  /** topic → the id of the join that waits for its answer */
  #asked = new Map();
  /** topic → the version of its presence */
  #versions = new Map();

  constructor(name, { receive, closed }) {
    this.#name = name;
    this.#told = { receive, closed };
    this.#again(0);
  }

  /** Of the next request. */
  address(path, more = {}) {
    const query = new URLSearchParams(more);
    if (this.#epoch) query.append("epoch", this.#epoch);
    for (const [topic, seq] of this.#positions) {
      query.append("topic", topic);
      if (seq !== null) query.append("since", seq);
    }
    return `${path}?${query}`;
  }

  get isGreeted() {
    return this.#epoch !== null;
  }

  send(frame) {
    if (frame.type === "join") this.#join(frame);
    else if (frame.type === "leave") this.#leave(frame.topics);
    else if (frame.type === "read") this.#tellRead(frame);
  }

  close() {
    clearTimeout(this.#timer);
    this.#told = null;
  }

  /** The server could not be reached, or did not want to; where another request is about to be made, that will tell. */
  fail() {
    if (this.#changing) return;
    const { closed } = this.#told ?? {};
    this.close();
    closed?.(REFUSED);
  }

  take(text) {
    tapped("in", this.#name, text);
    const frame = JSON.parse(text);
    if (frame.type === "hello") this.#greeted(frame);
    else if (frame.type === "joined") Object.entries(frame.topics).forEach(([topic, answer]) => this.#joined(topic, answer));
    else this.#pass(frame);
  }

  #receive(frame) {
    this.#told?.receive(frame);
  }

  /** Soon: several topics are often asked for at once. */
  #again(delay = SETTLE) {
    clearTimeout(this.#timer);
    this.#changing = true;
    this.#timer = setTimeout(() => {
      this.#changing = false;
      this.open();
    }, delay);
  }

  #join({ id, epoch, topics }) {
    for (const [topic, seq] of Object.entries(topics)) {
      if (epoch && epoch !== this.#epoch) {
        setTimeout(() => this.#receive({ type: "joined", id, topics: { [topic]: { reset: true, seq: 0 } } }), 0);
        continue;
      }
      this.#positions.set(topic, seq);
      this.#asked.set(topic, id);
      this.#again();
    }
  }

  #leave(topics) {
    topics.forEach((topic) => this.#forget(topic));
    this.#again();
  }

  #forget(topic) {
    [this.#positions, this.#asked, this.#versions].forEach((map) => map.delete(topic));
  }

  #tellRead({ topic, seq }) {
    put(`/rooms/${topic.split(":")[1]}/read`, { seq }).catch(() => {});
  }

  /** Each request is greeted; whoever is above has been. */
  #greeted(hello) {
    if (this.#epoch === hello.epoch) return;
    const isFirst = this.#epoch === null;
    this.#epoch = hello.epoch;
    if (isFirst) this.#receive(hello);
    else this.#startAnew();
  }

  #startAnew() {
    const { closed } = this.#told ?? {};
    this.close();
    closed?.(BROKEN);
  }

  #joined(topic, answer) {
    if (!this.#positions.has(topic)) return;
    const id = this.#asked.get(topic);
    this.#asked.delete(topic);
    if (answer.error || answer.reset) this.#forget(topic);
    else this.#positions.set(topic, answer.seq);
    if (id === undefined) this.#caughtUp(topic, answer);
    else this.#receive({ type: "joined", id, topics: { [topic]: answer } });
    if (answer.presence) this.#versions.set(topic, answer.presence.version);
  }

  /** Nobody above has asked: what was missed between two requests is news like any other. */
  #caughtUp(topic, answer) {
    const { seq, events = [], state = {}, presence } = answer;
    if (answer.error) return this.#receive({ type: "left", topic, reason: answer.error });
    if (answer.reset) return this.#receive({ type: "gap", topic, to: seq });
    events.forEach((event) => this.#receive({ type: "event", topic, ...event }));
    if (Object.keys(state).length) this.#receive({ type: "state", topic, seq, at: Date.now(), data: state });
    if (presence && presence.version !== this.#versions.get(topic)) {
      this.#receive({ type: "joined", topics: { [topic]: { seq, events: [], presence } } });
    }
  }

  #pass(frame) {
    const { type, topic, seq, version } = frame;
    if ((type === "event" || type === "state") && this.#positions.has(topic)) this.#positions.set(topic, seq);
    if (type === "presence") this.#versions.set(topic, version);
    if (type === "left") this.#forget(topic);
    this.#receive(frame);
  }
}
