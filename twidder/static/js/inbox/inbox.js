/** My notices: mentions, replies, invitations, knocks. How many are unread is known from sign-in on. */
import { batch, effect, signal, untracked } from "@preact/signals";
import { memberId, whenLeaving } from "../accounts/session.js";
import { get, put } from "../lib/http.js";
import { live } from "../live/socket.js";

const AGAIN = 3_000;

/** Newest first, as answered by GET /inbox; null until loaded. */
export const notices = signal(null);
export const next = signal(null);
export const unreadNotices = signal(0);

/** `listener(notice)`: one came by itself. */
let noticed = () => {};
export const whenNoticed = (listener) => (noticed = listener);

let leave = null;
let turn = 0;

export async function loadInbox() {
  const { items, unread, next: older, seq, epoch } = await get("/inbox");
  batch(() => {
    notices.value = items;
    next.value = older;
    unreadNotices.value = unread;
  });
  return { seq, epoch };
}

export async function loadOlder() {
  const { items, next: older } = await get(`/inbox?before=${encodeURIComponent(next.value)}`);
  batch(() => {
    notices.value = [...notices.value, ...items];
    next.value = older;
  });
}

/** Everything that is there now has been seen. */
export async function readAll() {
  const newest = notices.value?.[0];
  if (newest && unreadNotices.value) await readUpTo(newest.id);
}

export const readUpTo = (id) => put("/inbox/read", { up_to: id });

async function start() {
  const mine = (turn += 1);
  const position = await loadInbox().catch(() => null);
  if (mine !== turn) return;
  if (!position) return setTimeout(() => mine === turn && start(), AGAIN);
  leave = live.topics.follow("me", { ...position, apply, reload: loadInbox });
}

function stop() {
  turn += 1;
  leave?.();
  leave = null;
  batch(() => {
    notices.value = next.value = null;
    unreadNotices.value = 0;
  });
}

function apply({ event, data }) {
  if (event === "notice.created") arrive(data);
  if (event === "notices.read") markRead(data.up_to);
}

/** The event carries no words; the list is asked for them. */
function arrive(notice) {
  unreadNotices.value += 1;
  noticed(notice);
  loadInbox().catch(() => {});
}

function markRead(upTo) {
  const at = Date.now();
  notices.value = notices.value.map((one) => (one.id <= upTo && !one.read ? { ...one, read: true, read_at: at } : one));
  if (!notices.value.length || notices.value[0].id <= upTo) unreadNotices.value = 0;
  else loadInbox().catch(() => {});
}

effect(() => {
  if (memberId.value) untracked(start);
});

whenLeaving(stop);
