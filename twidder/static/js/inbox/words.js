/** A notice in words, and where it leads. */
import { fullName } from "../lib/text.js";

const WORDS = {
  mention: (who, where) => `${who} mentioned you${where}`,
  reply: (who, where) => `${who} answered you${where}`,
  direct: (who) => `${who} began a conversation with you`,
  invited: (who, where) => `${who} invited you${where.replace(" in ", " to ")}`,
  knock: (who, where) => `${who} knocks${where.replace(" in ", " at ")}`,
  followed: (who) => `${who} follows you`,
};

export function wordsOf({ kind, by }, roomName) {
  const words = WORDS[kind] ?? ((who) => who);
  return words(fullName(by), roomName ? ` in ${roomName}` : "");
}

/** `roomKind`: as far as it is known; an invitation stands on the page of all rooms. */
export function pathOfNotice({ kind, by, room, message }, roomKind) {
  if (kind === "followed") return `/people/${by.id}`;
  if (kind === "invited" && roomKind !== "dm") return "/rooms";
  return `${roomKind === "dm" || kind === "direct" ? "/dm" : "/rooms"}/${room}${message ? `?message=${message}` : ""}`;
}
