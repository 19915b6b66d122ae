/**
 * What calls me while I look elsewhere: a line in the page, and the system's own notification where it is allowed and the
 * page is hidden. Each room's level is obeyed; what is seen in the open room needs neither.
 */
import { pageIsWatched } from "../frame/watched.js";
import { say } from "../frame/toast.js";
import { put } from "../lib/http.js";
import { go, place } from "../lib/router.js";
import { fullName } from "../lib/text.js";
import { nameOf, pathOf } from "../rooms/names.js";
import { shelved, whenArrived } from "../rooms/shelf.js";
import { whenNoticed } from "./inbox.js";
import { showNotification } from "./system.js";
import { pathOfNotice, wordsOf } from "./words.js";

/** Those that are told as the message itself. */
const SPOKEN = new Set(["mention", "reply", "direct"]);

const knocked = new Set();

/** `listener(room id)`: a guest waits to be let in. */
export function whenKnocked(listener) {
  knocked.add(listener);
  return () => knocked.delete(listener);
}

const isLookedAt = (room) => pageIsWatched() && place.value.path === pathOf(room);

whenArrived((one, message, mention) => {
  const room = one.room.value;
  const level = one.mine.value.level;
  if (isLookedAt(room) || level === "nothing") return;
  const isDirect = one.isDirect.value;
  const calls = isDirect || mention;
  if (!calls && level !== "all") return;
  const path = `${pathOf(room)}?message=${message.id}`;
  const who = fullName(message.author);
  const title = isDirect && room.people.length < 2 ? who : `${who} in ${nameOf(room)}`;
  if (calls) say(mention && !isDirect ? `${who} mentioned you in ${nameOf(room)}` : `${who} wrote to you`, { label: "Show", run: () => go(path) }, pathOf(room));
  showNotification({ title, body: message.text, tag: one.topic, path });
});

/** What is no message in a joined room: an invitation, a knock, a follower; or a room beyond the joined ones. */
whenNoticed((notice) => {
  if (notice.kind === "knock") return tellKnock(notice);
  const one = shelved(notice.room);
  if (SPOKEN.has(notice.kind) && one?.isFollowed && notice.kind !== "reply") return;
  if (one && (one.mine.value.level === "nothing" || isLookedAt(one.room.value))) return;
  const words = wordsOf(notice, one && nameOf(one.room.value));
  const path = pathOfNotice(notice, one?.room.value.kind);
  say(words, { label: "Show", run: () => go(path) }, one ? pathOf(one.room.value) : path);
  showNotification({ title: words, tag: `notice:${notice.id}`, path });
});

/** Also to whoever is in the room already: on a telephone the list of those who knock is out of sight. */
function tellKnock({ id, by, room }) {
  knocked.forEach((listener) => listener(room));
  const words = wordsOf({ kind: "knock", by }, shelved(room) && nameOf(shelved(room).room.value));
  const letIn = () => put(`/rooms/${room}/guests/${by.id}`, {}).catch((problem) => say(problem.message));
  say(words, { label: "Let in", run: letIn });
  showNotification({ title: words, tag: `notice:${id}`, path: `/rooms/${room}` });
}
