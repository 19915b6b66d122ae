/** What a room is called, where it is, and its glyph. A direct conversation is called after its people. */
import { fullName } from "../lib/text.js";

const ICONS = { open: "hash", members: "lock", walkin: "door-open", dm: "message-circle" };

export const iconOf = ({ kind }) => ICONS[kind];
export const pathOf = ({ kind, id }) => (kind === "dm" ? `/dm/${id}` : `/rooms/${id}`);
export const topicOf = ({ kind, id }) => (kind === "dm" ? `dm:${id}` : `room:${id}`);

export function nameOf({ kind, name, people = [] }) {
  if (kind !== "dm") return name;
  if (people.length === 1) return fullName(people[0]);
  return people.map(({ firstname }) => firstname).join(", ") || "Only you";
}
