/** The live protocol as server-sent events: the answer to one request that does not end. */
import { Stream } from "./stream.js";

const NAME = "events";

export class EventsTransport extends Stream {
  static transport = NAME;
  #source = null;

  constructor(told) {
    super(NAME, told);
  }

  open() {
    this.#source?.close();
    const source = new EventSource(this.address("/live/events"));
    source.onmessage = ({ data }) => this.#source === source && this.take(data);
    source.onerror = () => this.#source === source && this.fail();
    this.#source = source;
  }

  close() {
    super.close();
    this.#source?.close();
    this.#source = null;
  }
}
