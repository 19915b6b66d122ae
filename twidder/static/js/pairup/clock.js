/** The seconds of a round, by the server's clock: when it closes, and how long a hold lasts. */
import { signal } from "@preact/signals";
import { serverNow } from "../live/clock.js";
import { clock } from "../lib/time.js";

const DAY = 24 * 3_600_000;
const SOON = 6 * DAY;
const format = (options) => new Intl.DateTimeFormat("en-GB", options);
const WEEKDAY = format({ weekday: "long" });
const SHORT_DAY = format({ weekday: "short" });
const DATE = format({ day: "numeric", month: "short" });
const LIST_DAY = format({ weekday: "short", day: "numeric", month: "short" });
const LONG_DAY = format({ weekday: "long", day: "numeric", month: "long" });

/** ms, a whole second; what is drawn from it stays true. */
export const second = signal(now());
setInterval(() => (second.value = now()), 1_000);

function now() {
  return Math.floor(serverNow() / 1_000) * 1_000;
}

export function phaseOf({ opens_at: opens, closes_at: closes }, at) {
  if (opens !== null && at < opens) return "soon";
  return closes !== null && at >= closes ? "closed" : "open";
}

/** "0:52"; never less than nothing. */
export function countdown(until, at = second.value) {
  const left = Math.max(0, Math.floor((until - at) / 1_000));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** "Friday 16:00", "today 16:00", "12 Jun 16:00". */
export function moment(at, today = second.value) {
  return `${dayWord(at, today, WEEKDAY)} ${clock(at)}`;
}

function dayWord(at, today, weekday) {
  const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date(today).setHours(0, 0, 0, 0)) / DAY);
  if (days === 0) return "today";
  return days > 0 && days * DAY <= SOON ? weekday.format(at) : DATE.format(at);
}

/** "Mon 20 May" */
export const shortDay = (at) => LIST_DAY.format(at);

/** "Monday 20 May" */
export const longDay = (at) => LONG_DAY.format(at);

/** "Open until Friday 16:00", in its last hour "Open for 12:30". */
export function phaseWords(round, at = second.value) {
  const { opens_at: opens, closes_at: closes } = round;
  const phase = phaseOf(round, at);
  if (phase === "soon") return `Opens ${moment(opens, at)}`;
  if (phase === "closed") return `Closed since ${moment(closes, at)}`;
  if (closes === null) return "Open";
  return closes - at < 3_600_000 ? `Open for ${countdown(closes, at)}` : `Open until ${moment(closes, at)}`;
}

/** For the rail: "closes Fri", "opens Mon", or nothing. */
export function shortWords(round, at = second.value) {
  const phase = phaseOf(round, at);
  if (phase === "soon") return `opens ${dayWord(round.opens_at, at, SHORT_DAY)}`;
  if (phase === "closed") return "closed";
  return round.closes_at === null ? "" : `closes ${dayWord(round.closes_at, at, SHORT_DAY)}`;
}
