/** One live connection that comes back by itself, until it is closed or told not to come back. Knows no DOM. */
import { signal } from "@preact/signals-core";
import { Backoff } from "./backoff.js";
import { Topics } from "./topics.js";

const HANDSHAKE = 10_000;
const SILENCE = 40_000;
const STABLE = 30_000;
const RESTART = 1012;
const INVISIBLE_REFUSAL = 1006;
const PROTOCOL_FAULTS = new Set([1002, 1003, 1007, 1009]);
const isFinal = (code) => code >= 4500 || PROTOCOL_FAULTS.has(code);

class Socket {
  /** "off" | "connecting" (never was live) | "live" | "away" (was, or failed; tries again) */
  state = signal("off");
  /** While away: { lastSeen, nextTry }, both ms; nextTry null = trying now, Infinity = never again. */
  trouble = signal(null);
  topics = new Topics((frame) => this.#send(frame));

  /** Told by the owner: `greeted(hello)`, `dismissed(bye)`, and `refused()`, a promise settled before the next try. */
  greeted = () => {};
  dismissed = () => {};
  refused = async () => {};

  #socket = null;
  #wanted = false;
  #bye = null;
  #lastSeen = null;
  #backoff = new Backoff();
  #timers = {};

  open() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.state.value = "connecting";
    this.#connect();
  }

  close() {
    this.#wanted = false;
    this.#drop();
    this.topics.clear();
    this.#lastSeen = null;
    this.#backoff.restore();
    this.state.value = "off";
    this.trouble.value = null;
  }

  /** Says something fleeting, such as `typing` or `read`. What is said while away is gone. */
  say(frame) {
    if (this.state.value === "live") this.#send(frame);
  }

  /** The person asks, the network is back, the page is looked at again. */
  tryNow() {
    if (!this.#wanted || this.state.value === "connecting") return;
    const silent = Date.now() - this.#lastSeen > SILENCE;
    if (this.state.value === "live" && !silent) return;
    this.#connect();
  }

  #connect() {
    this.#drop();
    if (this.state.value !== "connecting") this.#away(null);
    const socket = new WebSocket("/live");
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => this.#closed(code);
    this.#socket = socket;
    this.#watch(HANDSHAKE);
  }

  /** Lets go at once: a dead network may take minutes to report the close. */
  #drop() {
    Object.values(this.#timers).forEach(clearTimeout);
    this.topics.disconnected();
    this.#bye = null;
    if (!this.#socket) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  #watch(patience) {
    clearTimeout(this.#timers.watchdog);
    this.#timers.watchdog = setTimeout(() => this.#closed(0), patience);
  }

  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #receive(frame) {
    this.#lastSeen = Date.now();
    this.#watch(SILENCE);
    if (frame.type === "hello") return this.#hello(frame);
    if (frame.type === "bye") return this.#farewell(frame);
    if (frame.type === "heartbeat") this.#send({ type: "pong" });
    this.topics.receive(frame);
  }

  #hello(frame) {
    this.state.value = "live";
    this.trouble.value = null;
    this.#timers.stable = setTimeout(() => this.#backoff.restore(), STABLE);
    this.topics.connected(frame.epoch);
    this.greeted(frame);
  }

  #farewell(bye) {
    this.#bye = bye;
    if (bye.code >= 4500) this.#closed(bye.code);
  }

  async #closed(code) {
    const bye = this.#bye ?? { code };
    const neverGreeted = this.state.value !== "live";
    this.#drop();
    if (isFinal(code)) return this.#end(bye);
    const delay = bye.code === RESTART && bye.retry_ms !== undefined ? bye.retry_ms : this.#backoff.next();
    const nextTry = Date.now() + delay;
    this.#away(nextTry);
    if (neverGreeted && code === INVISIBLE_REFUSAL) await this.refused();
    if (!this.#wanted || this.#socket) return;
    clearTimeout(this.#timers.retry);
    this.#timers.retry = setTimeout(() => this.#connect(), nextTry - Date.now());
  }

  #end(bye) {
    this.#wanted = false;
    if (bye.code < 4500) return this.#away(Infinity);
    this.close();
    this.dismissed(bye);
  }

  #away(nextTry) {
    this.state.value = "away";
    this.trouble.value = { lastSeen: this.#lastSeen, nextTry };
  }
}

export const live = new Socket();
