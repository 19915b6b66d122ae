/**
 * A notice of a message is read as soon as its room is: whoever has seen what was said there needs no mark for it elsewhere.
 * The server knows one number, up to which all are read; so the oldest unread ones go first, and the first that has not been
 * seen keeps those after it.
 */
import { effect } from "@preact/signals";
import { shelved } from "../rooms/shelf.js";
import { notices, readUpTo, unreadNotices } from "./inbox.js";

/** The notice comes by one topic and its message by another. */
const PAUSE = 2_000;

/** Reading the counts of their rooms here makes the effect below hear of them. */
function seen() {
  const unread = notices.value?.filter(({ read }) => !read).reverse() ?? [];
  if (unread.length < unreadNotices.value) return [];
  const end = unread.findIndex((notice) => !isSeen(notice));
  return end === -1 ? unread : unread.slice(0, end);
}

function isSeen({ kind, room, message }) {
  const one = shelved(room);
  if (!one?.isIn.value || !one.isFollowed || one.unread.value) return false;
  return kind === "direct" ? one.last.value !== null : Boolean(message);
}

let timer = null;

effect(() => {
  const some = seen().length > 0;
  clearTimeout(timer);
  if (some) timer = setTimeout(tell, PAUSE);
});

function tell() {
  const newest = seen().at(-1);
  if (newest) readUpTo(newest.id).catch(() => {});
}
