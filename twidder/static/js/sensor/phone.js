/**
 * What this phone sends: the newest of motion and light, every press, the last vote. At most five times a second, and
 * again when the network is back; nothing that was pressed meanwhile is lost.
 */
import { batch, signal } from "@preact/signals";
import { post, withToken } from "../lib/http.js";
import { Backoff } from "../live/backoff.js";

const PACE = 200;
const PRESSES = 20;
/** Nothing was sent for so long: an empty report tells whether the link still is in force. */
const STILL_THERE = 15_000;
const KEPT = "twidder.sensor";
/** The link has ended, or its time is up. */
const isOver = ({ status }) => status === 401 || status === 403 || status === 404;

export class Phone {
  /** { token, number, board, controls, poll, expires_at }; null until let in */
  pass = signal(null);
  problem = signal(null);
  ended = signal(false);
  /** How often something was sent, and when last. */
  sent = signal({ times: 0, at: null });
  away = signal(false);
  presses = signal(0);
  vote = signal(null);
  #waiting = {};
  /** So many presses the server has, at least: it is told of all, not of more, so telling it twice changes nothing. */
  #stored = 0;
  #busy = false;
  #timer = null;
  #watch = null;
  #backoff = new Backoff();
  #api;

  /** `secret`: of the link; null after a reload. */
  async enter(secret) {
    this.problem.value = null;
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    if (kept && (!secret || kept.secret === secret)) return this.#begin(kept.pass, kept);
    if (!secret) return (this.ended.value = true);
    try {
      const pass = await post("/sensors", { secret });
      sessionStorage.setItem(KEPT, JSON.stringify({ secret, pass }));
      this.#begin(pass);
    } catch (problem) {
      if (isOver(problem)) this.#end();
      else this.problem.value = problem;
    }
  }

  #begin(pass, { vote = null, presses = 0 } = {}) {
    this.#api = withToken(pass.token);
    batch(() => {
      this.pass.value = pass;
      this.vote.value = vote;
      this.presses.value = presses;
    });
    this.#watch = setInterval(() => this.#busy || this.#push(), STILL_THERE);
    if (presses) this.#send({});
  }

  #end() {
    this.#stop();
    sessionStorage.removeItem(KEPT);
    this.#waiting = {};
    this.ended.value = true;
  }

  #stop() {
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
  }

  close() {
    this.#stop();
    this.ended.value = true;
  }

  press() {
    this.presses.value += 1;
    this.#keep({ presses: this.presses.value });
    this.#send({});
  }

  choose(option) {
    this.vote.value = option;
    this.#keep({ vote: option });
    this.#send({ vote: option });
  }

  #keep(what) {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(KEPT)), ...what }));
  }

  /** In m/s²; between two sendings the strongest counts. */
  moved(strength) {
    this.#send({ motion: Math.max(this.#waiting.motion ?? 0, strength) });
  }

  lit(lux) {
    this.#send({ light: lux });
  }

  #send(news) {
    if (this.ended.value) return;
    this.#waiting = { ...this.#waiting, ...news };
    if (!this.#busy) this.#push();
  }

  async #push() {
    this.#busy = true;
    const presses = Math.min(this.presses.value, this.#stored + PRESSES);
    const now = { ...this.#waiting, ...(presses > this.#stored && { presses }) };
    this.#waiting = {};
    let delay = PACE;
    try {
      await this.#api.post("/sensors/values", now);
      this.#backoff.restore();
      this.#stored = presses;
      batch(() => {
        this.away.value = false;
        if (Object.keys(now).length === 0) return;
        this.problem.value = null;
        this.sent.value = { times: this.sent.value.times + 1, at: Date.now() };
      });
    } catch (problem) {
      if (isOver(problem)) return this.#end();
      delay = this.#setBack(now, problem);
    }
    if (!this.ended.value) this.#timer = setTimeout(() => this.#next(), delay);
  }

  #next() {
    this.#busy = false;
    this.#timer = null;
    if (Object.keys(this.#waiting).length || this.presses.value > this.#stored) this.#push();
  }

  /** What was not stored waits with what came since. Returns how long. */
  #setBack({ presses, ...others }, problem) {
    if (problem.status >= 400 && problem.status < 500 && problem.retry_ms === undefined) {
      this.problem.value = problem;
      this.#stored = presses ?? this.#stored;
      return PACE;
    }
    this.#waiting = { ...others, ...this.#waiting };
    this.away.value = problem.unreachable;
    return problem.retry_ms ?? this.#backoff.next();
  }

  /** The network is back, or the page is looked at again. */
  tryNow() {
    const isOnItsWay = this.#busy && this.#timer === null;
    if (!this.away.value || isOnItsWay || this.ended.value) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#push();
  }
}
