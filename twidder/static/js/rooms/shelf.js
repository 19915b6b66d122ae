/**
 * All my rooms and direct conversations, from sign-in to sign-out. The most recently active are joined, so that what is
 * said there is known at once and I am seen to be here; of the others the server tells how far they have come.
 */
import { computed, effect, signal, untracked } from "@preact/signals";
import { memberId, whenLeaving } from "../accounts/session.js";
import { say } from "../frame/toast.js";
import { get } from "../lib/http.js";
import { go, place } from "../lib/router.js";
import { live } from "../live/socket.js";
import { nameOf, pathOf } from "./names.js";
import { Shelved } from "./shelved.js";

const JOINED = 60;
const AGAIN = 3_000;
const WHY = {
  removed: (name) => `You were removed from ${name}.`,
  banned: (name) => `You can no longer enter ${name}.`,
};

/** id → Shelved; null until loaded */
export const shelf = signal(null);
export const shelved = (id) => shelf.value?.get(id);

const all = computed(() => [...(shelf.value?.values() ?? [])]);
const byName = (a, b) => nameOf(a.room.value).localeCompare(nameOf(b.room.value));
const byActivity = (a, b) => b.activity.value - a.activity.value;

export const rooms = computed(() => all.value.filter((one) => one.isIn.value && !one.isDirect.value && !one.room.value.archived).sort(byName));
export const archived = computed(() => all.value.filter((one) => one.isIn.value && one.room.value.archived).sort(byName));
export const conversations = computed(() => all.value.filter((one) => one.isIn.value && one.isDirect.value && !one.room.value.archived).sort(byActivity));
export const invitations = computed(() => all.value.filter((one) => one.mine.value.state === "invited").sort(byName));
export const calls = computed(() => all.value.reduce((sum, one) => sum + (one.isIn.value ? one.calls.value : 0), 0));

/** `listener(shelved, message, mention)`: somebody else said something in a room that is joined. */
let arrived = () => {};
export const whenArrived = (listener) => (arrived = listener);

let epoch = null;
let leave = null;
let loading = 0;

async function load() {
  const { items, seq, epoch: now } = await get("/rooms");
  epoch = now;
  const known = shelf.value ?? new Map();
  const fresh = new Map(items.map((room) => [room.id, known.get(room.id) ?? make(room)]));
  known.forEach((one, id) => fresh.has(id) || one.leave());
  items.forEach((room) => known.get(room.id)?.renew(room));
  shelf.value = fresh;
  [...fresh.values()].filter((one) => one.isIn.value).slice(0, JOINED).forEach((one) => one.follow(epoch));
  return { seq, epoch };
}

const make = (room) => new Shelved(room, (...news) => arrived(...news));

async function start() {
  const turn = (loading += 1);
  const position = await load().catch(() => null);
  if (turn !== loading) return;
  if (!position) return setTimeout(() => turn === loading && start(), AGAIN);
  leave = live.topics.follow("me", { ...position, apply, reload: load });
}

function stop() {
  loading += 1;
  leave?.();
  leave = null;
  shelf.value?.forEach((one) => one.leave());
  shelf.value = null;
}

const CHANGES = { "room.added": put, "room.mine": amend, "room.removed": take };
const apply = ({ event, data }) => CHANGES[event]?.(data);

/** A room that I am in or invited to now; also told by the answer to what I did myself. */
export function put(room) {
  const one = shelved(room.id);
  if (one) one.replace(room);
  else shelf.value = new Map([[room.id, make(room)], ...(shelf.value ?? [])]);
  if (shelved(room.id).isIn.value) shelved(room.id).follow(epoch);
}

function amend({ id, ...changes }) {
  const one = shelved(id);
  if (!one) return;
  one.amend(changes);
  if (one.isIn.value) one.follow(epoch);
}

function take({ id, reason }) {
  const one = shelved(id);
  if (!one) return;
  one.leave();
  shelf.value = new Map([...shelf.value].filter(([key]) => key !== id));
  if (place.value.path === pathOf(one.room.value)) go("/rooms", { replace: true });
  if (WHY[reason]) say(WHY[reason](nameOf(one.room.value)));
}

effect(() => {
  if (memberId.value) untracked(start);
});

live.topics.heard = ({ type, topic, seq, heads = {} }) => {
  for (const one of all.value) {
    if (type === "read" && one.topic === topic) one.readUpTo(seq);
    if (heads[one.topic] !== undefined) one.hearOf(heads[one.topic]);
  }
};

whenLeaving(stop);
