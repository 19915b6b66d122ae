/** The walls that are open. Mine stays open as long as I am signed in, any other while it is looked at. */
import { effect, untracked } from "@preact/signals";
import { memberId, user, whenLeaving } from "../accounts/session.js";
import { whenDelivered } from "../live/outbox.js";
import { live } from "../live/socket.js";
import { forgetUnread } from "./unread.js";
import { Wall } from "./wall.js";

const open = new Map();

export function wallOf(id) {
  if (!open.has(id)) open.set(id, new Wall(id));
  return open.get(id);
}

export function putBack(wall) {
  if (wall.id === user.value?.id || open.get(wall.id) !== wall) return;
  wall.close();
  open.delete(wall.id);
}

effect(() => {
  const id = memberId.value;
  if (id) untracked(() => wallOf(id));
});

/** What could not be loaded for want of a connection is loaded when it is back. */
effect(() => {
  if (live.state.value !== "live") return;
  untracked(() => open.forEach((wall) => wall.problem.value?.unreachable && wall.open()));
});

whenDelivered("wall", (item) => open.get(item.wall)?.add(item));

whenLeaving(() => {
  open.forEach((wall) => wall.close());
  open.clear();
  forgetUnread();
});
