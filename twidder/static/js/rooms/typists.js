/** Who is typing: known for a few seconds after each sign of it. */
import { signal } from "@preact/signals";
import { user } from "../accounts/session.js";

const SHOWN = 6_000;

export class Typists {
  /** [Author], in the order in which they began */
  people = signal([]);
  #timers = new Map();

  hear(person) {
    if (person.id === user.value?.id) return;
    clearTimeout(this.#timers.get(person.id));
    this.#timers.set(person.id, setTimeout(() => this.stop(person.id), SHOWN));
    if (!this.people.value.some(({ id }) => id === person.id)) this.people.value = [...this.people.value, person];
  }

  stop(id) {
    clearTimeout(this.#timers.get(id));
    if (this.#timers.delete(id)) this.people.value = this.people.value.filter((person) => person.id !== id);
  }

  forget() {
    [...this.#timers.keys()].forEach((id) => this.stop(id));
  }
}
