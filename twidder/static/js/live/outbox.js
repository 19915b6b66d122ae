/**
 * What I wrote and the server has not confirmed yet. Drawn at once, sent one after the other in each topic, kept over a
 * reload, and confirmed by whatever comes first: the answer or the topic's own event with the same cid. The server
 * stores a cid once.
 */
import { effect, signal, untracked } from "@preact/signals";
import { user, whenLeaving } from "../accounts/session.js";
import { post } from "../lib/http.js";
import { freshId } from "../lib/text.js";
import { live } from "./socket.js";

const AGAIN = 2_000;
const TRIES = 2;
const LEFT_BEHIND = { state: "failed", detail: "You were signed out before this was sent.", unreachable: false };

/** { cid, topic, path, body, at, author, state: "pending" | "failed", tries, detail?, unreachable? }, oldest first */
export const outbox = signal([]);

/** Topics with a request on its way, and the timers of those that wait for their next try. */
const sending = new Set();
const timers = new Map();
const listeners = new Map();

/** `listener(item)` is told of everything stored in topics of this kind ("wall", "room", "dm"). */
export const whenDelivered = (kind, listener) => listeners.set(kind, listener);
const delivered = (topic, item) => listeners.get(topic.split(":")[0])?.(item);

const key = () => `twidder.outbox.${user.value.id}`;

function change(entries) {
  outbox.value = entries;
  sessionStorage.setItem(key(), JSON.stringify(entries));
}

const amend = (cid, changes) => change(outbox.value.map((entry) => (entry.cid === cid ? { ...entry, ...changes } : entry)));

/** `path`: where it is POSTed; `body`: what, without its cid. */
export function put({ topic, path, body }) {
  const cid = freshId();
  change([...outbox.value, { cid, topic, path, body, at: Date.now(), author: user.value, state: "pending", tries: 0 }]);
  pump(topic);
}

export function retry(cid) {
  amend(cid, { state: "pending", tries: 0, detail: undefined });
  pump(outbox.value.find((entry) => entry.cid === cid).topic);
}

export const discard = (cid) => change(outbox.value.filter((entry) => entry.cid !== cid));

/** Something of mine is stored. */
export function settle(item) {
  if (item.author.id === user.value?.id && outbox.value.some(({ cid }) => cid === item.cid)) discard(item.cid);
}

async function pump(topic) {
  const entry = outbox.value.find((one) => one.topic === topic && one.state === "pending");
  if (!entry || sending.has(topic)) return;
  stopWaiting(topic);
  sending.add(topic);
  const sender = user.value;
  try {
    const item = await post(entry.path, { ...entry.body, cid: entry.cid });
    if (user.value?.id === sender.id) delivered(topic, item);
    settle(item);
  } catch (problem) {
    if (user.value?.id === sender.id) setBack(entry, problem);
  } finally {
    sending.delete(topic);
  }
  if (!timers.has(topic)) pump(topic);
}

/** Not stored: wait for the connection or for the time the server named, or fail and say why. */
function setBack({ cid, topic, tries }, problem) {
  const offline = problem.unreachable && live.state.value !== "live";
  if (offline || problem.retry_ms !== undefined || (problem.unreachable && tries + 1 < TRIES)) {
    amend(cid, { tries: tries + 1 });
    wait(topic, problem.retry_ms ?? AGAIN);
  } else {
    amend(cid, { state: "failed", detail: problem.message, unreachable: problem.unreachable });
  }
}

function wait(topic, delay) {
  stopWaiting(topic);
  const again = () => {
    timers.delete(topic);
    pump(topic);
  };
  timers.set(topic, setTimeout(again, delay));
}

function stopWaiting(topic) {
  clearTimeout(timers.get(topic));
  timers.delete(topic);
}

function takeUpAgain() {
  for (const { cid, unreachable } of outbox.value) {
    if (unreachable) amend(cid, { state: "pending", tries: 0, unreachable: false });
  }
  new Set(outbox.value.map(({ topic }) => topic)).forEach((topic) => wait(topic, 0));
}

/** The connection is back, or the network: what waited goes at once, and so does what failed for want of it. */
effect(() => {
  if (live.state.value === "live") untracked(takeUpAgain);
});
window.addEventListener("online", takeUpAgain);

effect(() => {
  if (!user.value) return;
  outbox.value = JSON.parse(sessionStorage.getItem(key())) ?? [];
});

/** What was not sent when the session ended waits for its author: the same cid, so that it cannot be stored twice. */
whenLeaving((person, kept) => {
  [...timers.keys()].forEach(stopWaiting);
  if (kept) change(outbox.value.map((entry) => (entry.state === "pending" ? { ...entry, ...LEFT_BEHIND } : entry)));
  else sessionStorage.removeItem(key());
  outbox.value = [];
});
