/** The live protocol by asking again and again: each answer comes with the first news, or after a while without any. */
import { Stream } from "./stream.js";

const NAME = "polls";
const WAIT = 25;
const PATIENCE = 40_000;
const PAUSE = 200;

export class PollsTransport extends Stream {
  static transport = NAME;
  #xhr = null;
  #token;
  #next = null;

  /** `token`: of a link; without it the cookie counts. */
  constructor({ token, ...told }) {
    super(NAME, told);
    this.#token = token;
  }

  open() {
    this.#letGo();
    const xhr = new XMLHttpRequest();
    xhr.open("GET", this.address("/live/poll", { wait: this.isGreeted ? WAIT : 0 }));
    xhr.timeout = PATIENCE;
    if (this.#token) xhr.setRequestHeader("Authorization", `Bearer ${this.#token}`);
    xhr.onload = () => this.#answered(xhr);
    xhr.onerror = xhr.ontimeout = () => this.fail();
    xhr.send();
    this.#xhr = xhr;
  }

  close() {
    super.close();
    this.#letGo();
  }

  #letGo() {
    clearTimeout(this.#next);
    const xhr = this.#xhr;
    this.#xhr = null;
    if (!xhr) return;
    xhr.onload = xhr.onerror = xhr.ontimeout = null;
    xhr.abort();
  }

  #answered(xhr) {
    if (xhr.status !== 200) return this.fail();
    this.#xhr = null;
    const frames = JSON.parse(xhr.responseText).frames;
    this.#next = setTimeout(() => this.open(), PAUSE);
    for (const frame of frames) this.take(JSON.stringify(frame));
    if (frames.at(-1)?.type === "bye") this.fail();
  }
}
