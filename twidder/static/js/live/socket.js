/**
 * One live connection that comes back by itself, until it is closed or told not to come back; and by another way where
 * the first is blocked. Knows no DOM.
 */
import { signal } from "@preact/signals-core";
import { Backoff } from "./backoff.js";
import { heardTime } from "./clock.js";
import { EventsTransport } from "./events.js";
import { Known } from "./known.js";
import { PollsTransport } from "./polls.js";
import { reachable } from "./reachable.js";
import { Topics } from "./topics.js";
import { WebSocketTransport } from "./websocket.js";

const HANDSHAKE = 10_000;
const SILENCE = 40_000;
const STABLE = 30_000;
const REFUSALS = 2;
/** When a WebSocket is tried again: soon, since the server may just have been starting, and then now and then. */
const UPWARD = [10_000, 60_000, 180_000];
const RESTART = 1012;
const INVISIBLE_REFUSAL = 1006;
const PROTOCOL_FAULTS = new Set([1002, 1003, 1007, 1009]);
const isFinal = (code) => code >= 4500 || PROTOCOL_FAULTS.has(code);

export class Socket {
  /** "off" | "connecting" (never was live) | "live" | "away" (was, or failed; tries again) */
  state = signal("off");
  /** While away: { lastSeen, nextTry }, both ms; nextTry null = trying now, Infinity = never again. */
  trouble = signal(null);
  /** By which way: "websocket" | "events" | "polls" */
  transport = signal("websocket");
  /** Since when it is live, ms. */
  since = signal(null);
  /** Whether a WebSocket is tried just now, beside the other way. */
  probing = signal(false);
  topics = new Topics((frame) => this.#send(frame));
  /** How far each topic is known here. */
  known = new Known();

  /** Told by the owner: `greeted(hello)`, `dismissed(bye)`, and `refused()`, a promise settled before the next try. */
  greeted = () => {};
  dismissed = () => {};
  refused = async () => {};

  lastSeen = null;
  #token;
  #ways;
  #carrier = null;
  #probe = null;
  #wanted = false;
  #bye = null;
  #refusals = 0;
  #probes = 0;
  #backoff = new Backoff();
  #timers = {};

  /** `token`: the secret of a board's link; without it the session's cookie counts. An EventSource can send no token. */
  constructor({ token = null } = {}) {
    this.#token = token;
    this.#ways = token ? [WebSocketTransport, PollsTransport] : [WebSocketTransport, EventsTransport, PollsTransport];
  }

  open() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#choose(WebSocketTransport);
    this.state.value = "connecting";
    this.#connect();
  }

  close() {
    this.#wanted = false;
    this.#drop();
    this.topics.clear();
    this.lastSeen = null;
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
    const silent = Date.now() - this.lastSeen > SILENCE;
    if (this.state.value === "live" && !silent) return;
    this.#connect();
  }

  /** Whether a WebSocket opens by now; if it does, it takes over. */
  tryWebSocket() {
    if (this.#probe || this.state.value !== "live" || this.transport.value === WebSocketTransport.transport) return;
    clearTimeout(this.#timers.upward);
    this.probing.value = true;
    this.#probe = new WebSocketTransport({ token: this.#token, receive: ({ type }) => this.#probed(type === "hello"), closed: () => this.#probed(false) });
    this.#timers.probe = setTimeout(() => this.#probed(false), HANDSHAKE);
  }

  #probed(opens) {
    this.#endProbe();
    if (!opens) return this.#lookUpward();
    this.#choose(WebSocketTransport);
    this.#connect();
  }

  #endProbe() {
    clearTimeout(this.#timers.probe);
    this.#probe?.close();
    this.#probe = null;
    this.probing.value = false;
  }

  #lookUpward() {
    const wait = UPWARD[Math.min(this.#probes, UPWARD.length - 1)];
    this.#probes += 1;
    this.#timers.upward = setTimeout(() => this.tryWebSocket(), wait);
  }

  #choose(way) {
    this.transport.value = way.transport;
    this.#refusals = 0;
    if (way === WebSocketTransport) this.#probes = 0;
  }

  #connect() {
    this.#drop();
    if (this.state.value !== "connecting") this.#away(null);
    const Way = this.#ways.find(({ transport }) => transport === this.transport.value);
    const carrier = new Way({
      token: this.#token,
      receive: (frame) => this.#carrier === carrier && this.#receive(frame),
      closed: (code) => this.#carrier === carrier && this.#closed(code),
    });
    this.#carrier = carrier;
    this.#watch(HANDSHAKE);
  }

  #drop() {
    Object.values(this.#timers).forEach(clearTimeout);
    this.#endProbe();
    this.topics.disconnected();
    this.known.clear();
    this.#bye = null;
    this.#carrier?.close();
    this.#carrier = null;
  }

  #watch(patience) {
    clearTimeout(this.#timers.watchdog);
    this.#timers.watchdog = setTimeout(() => this.#closed(0), patience);
  }

  #send(frame) {
    this.known.sent(frame);
    this.#carrier?.send(frame);
  }

  #receive(frame) {
    this.lastSeen = Date.now();
    this.#watch(SILENCE);
    if (frame.now !== undefined) heardTime(frame.now);
    if (frame.type === "hello") return this.#hello(frame);
    if (frame.type === "bye") return this.#farewell(frame);
    if (frame.type === "heartbeat") this.#send({ type: "pong" });
    this.known.received(frame);
    this.topics.receive(frame);
  }

  #hello(frame) {
    this.#refusals = 0;
    this.state.value = "live";
    this.since.value = Date.now();
    this.trouble.value = null;
    this.#timers.stable = setTimeout(() => this.#backoff.restore(), STABLE);
    if (this.transport.value !== WebSocketTransport.transport) this.#lookUpward();
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
    const another = neverGreeted && (await this.#findAnotherWay());
    if (!this.#wanted || this.#carrier) return;
    if (another) return this.#connect();
    clearTimeout(this.#timers.retry);
    this.#timers.retry = setTimeout(() => this.#connect(), nextTry - Date.now());
  }

  /** The next one, once this one was refused twice although the server answers: something between blocks it. */
  async #findAnotherWay() {
    this.#refusals = (await reachable()) ? this.#refusals + 1 : 0;
    const place = this.#ways.findIndex(({ transport }) => transport === this.transport.value);
    if (this.#refusals < REFUSALS || place + 1 === this.#ways.length) return false;
    this.#choose(this.#ways[place + 1]);
    return true;
  }

  #end(bye) {
    this.#wanted = false;
    if (bye.code < 4500) return this.#away(Infinity);
    this.close();
    this.dismissed(bye);
  }

  #away(nextTry) {
    this.state.value = "away";
    this.trouble.value = { lastSeen: this.lastSeen, nextTry };
  }
}

export const live = new Socket();
