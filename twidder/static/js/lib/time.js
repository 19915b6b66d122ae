/** Times as people say them: relative under an hour, then the clock, then the date. In the reader's zone. */
import { signal } from "@preact/signals";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const format = (options) => new Intl.DateTimeFormat("en-GB", options);
const CLOCK = format({ hour: "2-digit", minute: "2-digit" });
const SECONDS = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = format({ day: "numeric", month: "short" });
const DATE = format({ day: "numeric", month: "short", year: "numeric" });
const MONTH = format({ month: "long", year: "numeric" });
const WEEKDAY = format({ weekday: "long", day: "numeric", month: "long" });
const FULL = format({ dateStyle: "full", timeStyle: "medium" });

/** Ticks twice a minute, so that what is drawn from it stays true. */
const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), MINUTE / 2);

export const clock = (at) => CLOCK.format(at);
export const clockWithSeconds = (at) => SECONDS.format(at);
export const month = (at) => MONTH.format(at);
export const full = (at) => FULL.format(at);

/** "just now", "5 min ago", "10:42", "yesterday 10:42", "12 Nov", "12 Nov 2024". */
export function ago(at, today = now.value) {
  const age = today - at;
  if (age < MINUTE) return "just now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  const days = daysBetween(at, today);
  if (days === 0) return clock(at);
  if (days === 1) return `yesterday ${clock(at)}`;
  return date(at, today);
}

/** "today 10:42", "yesterday 10:42", "12 Nov 10:42". */
export function dayAndClock(at, today = Date.now()) {
  const day = ["today", "yesterday"][daysBetween(at, today)] ?? date(at, today);
  return `${day} ${clock(at)}`;
}

/** "Today", "Yesterday", "Monday 9 November", "9 Nov 2024". */
export function day(at, today = now.value) {
  const days = daysBetween(at, today);
  if (days < 2) return ["Today", "Yesterday"][days] ?? date(at, today);
  return days < 300 ? WEEKDAY.format(at) : DATE.format(at);
}

/** "09:12" today, with the day before it otherwise. */
export const since = (at, today = now.value) => (daysBetween(at, today) === 0 ? clock(at) : dayAndClock(at, today));

function date(at, today) {
  return new Date(at).getFullYear() === new Date(today).getFullYear() ? DAY.format(at) : DATE.format(at);
}

function daysBetween(at, today) {
  return Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / (24 * HOUR));
}
