/**
 * Posts on their way. Drawn at once, sent one after the other, kept over a reload, and confirmed by whatever
 * comes first: the answer or the wall's own event with the same cid. The server stores a cid once.
 */
import { effect, signal, untracked } from "@preact/signals";
import { user, whenLeaving } from "../accounts/session.js";
import { post } from "../lib/http.js";
import { freshId } from "../lib/text.js";
import { live } from "../live/socket.js";

const AGAIN = 2_000;
const TRIES = 2;
const LEFT_BEHIND = { state: "failed", detail: "You were signed out before this was sent.", unreachable: false };

/** { cid, wall, text, at, author, state: "pending" | "failed", tries, detail?, unreachable? }, oldest first */
export const outbox = signal([]);

/** Told of every stored post, so that its wall can show it. */
let delivered = () => {};
export const whenDelivered = (listener) => (delivered = listener);

let sending = false;
let timer = null;

const key = () => `twidder.outbox.${user.value.id}`;

function change(entries) {
  outbox.value = entries;
  sessionStorage.setItem(key(), JSON.stringify(entries));
}

const amend = (cid, changes) => change(outbox.value.map((entry) => (entry.cid === cid ? { ...entry, ...changes } : entry)));

export function put(wall, text) {
  change([...outbox.value, { cid: freshId(), wall, text, at: Date.now(), author: user.value, state: "pending", tries: 0 }]);
  pump();
}

export function retry(cid) {
  amend(cid, { state: "pending", tries: 0, detail: undefined });
  pump();
}

export const discard = (cid) => change(outbox.value.filter((entry) => entry.cid !== cid));

/** A post of mine is stored. */
export function settle(item) {
  if (item.author.id === user.value?.id && outbox.value.some(({ cid }) => cid === item.cid)) discard(item.cid);
}

async function pump() {
  const entry = outbox.value.find(({ state }) => state === "pending");
  if (!entry || sending) return;
  stopWaiting();
  sending = true;
  const sender = user.value;
  try {
    const { wall, text, cid } = entry;
    const item = await post(`/walls/${wall}/posts`, { text, cid });
    if (user.value?.id === sender.id) delivered(item);
    settle(item);
  } catch (problem) {
    if (user.value?.id === sender.id) setBack(entry, problem);
  } finally {
    sending = false;
  }
  if (timer === null) pump();
}

/** Not stored: wait for the connection or for the time the server named, or fail and say why. */
function setBack({ cid, tries }, problem) {
  const offline = problem.unreachable && live.state.value !== "live";
  if (offline || problem.retry_ms !== undefined || (problem.unreachable && tries + 1 < TRIES)) {
    amend(cid, { tries: tries + 1 });
    wait(problem.retry_ms ?? AGAIN);
  } else {
    amend(cid, { state: "failed", detail: problem.message, unreachable: problem.unreachable });
  }
}

function wait(delay) {
  stopWaiting();
  timer = setTimeout(() => {
    timer = null;
    pump();
  }, delay);
}

function stopWaiting() {
  clearTimeout(timer);
  timer = null;
}

function takeUpAgain() {
  for (const { cid, unreachable } of outbox.value) {
    if (unreachable) amend(cid, { state: "pending", tries: 0, unreachable: false });
  }
  wait(0);
}

/** The connection is back: what waited goes at once, and so does what failed for want of it. */
effect(() => {
  if (live.state.value === "live") untracked(takeUpAgain);
});

effect(() => {
  if (!user.value) return;
  outbox.value = JSON.parse(sessionStorage.getItem(key())) ?? [];
});

/** What was not sent when the session ended waits for its author: the same cid, so that it cannot be stored twice. */
whenLeaving((person, kept) => {
  stopWaiting();
  if (kept) change(outbox.value.map((entry) => (entry.state === "pending" ? { ...entry, ...LEFT_BEHIND } : entry)));
  else sessionStorage.removeItem(key());
  outbox.value = [];
});
