/** How far each joined topic is known here, as the frames that pass tell it. */
import { signal } from "@preact/signals-core";

export class Known {
  /** name → the newest seq; null while its join is on its way. Its number, for who looks: */
  seqs = new Map();
  changes = signal(0);

  clear() {
    this.seqs.clear();
    this.changes.value += 1;
  }

  sent({ type, topics }) {
    if (type === "leave") topics.forEach((name) => this.seqs.delete(name));
    else if (type === "join") Object.keys(topics).forEach((name) => this.seqs.has(name) || this.seqs.set(name, null));
    else return;
    this.changes.value += 1;
  }

  received({ type, topic, topics, seq }) {
    if (type === "joined") Object.entries(topics).forEach(([name, answer]) => this.#answered(name, answer));
    else if (type === "event" || type === "state") this.#move(topic, seq);
    else if (type === "left") this.seqs.delete(topic);
    else return;
    this.changes.value += 1;
  }

  #answered(name, { error, seq }) {
    if (error) this.seqs.delete(name);
    else this.#move(name, seq);
  }

  #move(name, seq) {
    if (this.seqs.has(name)) this.seqs.set(name, Math.max(seq, this.seqs.get(name) ?? 0));
  }
}
