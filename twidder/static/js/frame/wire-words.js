/** What each kind of frame and of answer means, for who is learning it. */

export const MEANINGS = {
  hello: "Always the first: who you are here, the server’s time, and its limits.",
  auth: "A page without a cookie says who it is, in the first frame.",
  join: "The page asks to follow topics, and says up to which number it knows each.",
  leave: "The page does not follow these topics any more.",
  joined: "The answer to a join: all that was missed since, or “reset”, and then the page loads it anew.",
  event: "Something happened, and is stored. Numbers have no holes, so the page notices when one is missing.",
  state: "The newest values. What they replace is of no interest any more, so a slow reader may skip some.",
  presence: "Who has come and who has gone; at most once a second.",
  typing: "Somebody is writing. It is never stored.",
  read: "How far a conversation has been read.",
  send: "A message to be stored. Its cid makes sure that it is stored once.",
  ack: "The message is stored, under this number.",
  error: "Something could not be done, and why.",
  heads: "How far topics have got that are not open here: that is where unread counts come from.",
  heartbeat: "Still there? Each 25 seconds, with the newest numbers: a loss shows within one beat.",
  pong: "Yes, still here.",
  gap: "The page was too slow for this topic, and joins again from where it is.",
  left: "The server took this topic away.",
  bye: "The server ends the connection, and says why.",
};

export function meaningOf({ kind, status, type }) {
  if (kind !== "request") return MEANINGS[type] ?? "A kind of frame that this page does not know.";
  if (status === 0) return "There was no answer.";
  if (status < 300) return "A request, and what the server answered.";
  return "The server refused; its answer says why.";
}

/** A line for a terminal that asks the same. The token is whatever the shell’s variable holds. */
export function asCurl({ method, path, sent }, origin) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const parts = ["curl", ...(method === "GET" ? [] : ["-X", method]), '-H "Authorization: Bearer $TOKEN"'];
  if (sent !== null) parts.push("-H 'Content-Type: application/json'", "-d", quoted(sent));
  return [...parts, quoted(origin + path)].join(" ");
}
