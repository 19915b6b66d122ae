/** What the list of a conversation shows, from top to bottom, made of messages and what happened between them. Pure. */

const TOGETHER = 5 * 60_000;
const dayOf = (at) => new Date(at).setHours(0, 0, 0, 0);

/**
 * `messages`: oldest first · `waiting`: of the outbox · `comings`: id of a message → who came and went after it ·
 * `newFrom`: id of the first new message, or null. Returns rows { kind, key, … }; of a message `head` says whether its
 * author stands above it.
 */
export function rows({ messages, waiting, comings, newFrom }) {
  const made = [];
  let before = null;
  const add = (entry) => {
    const at = timeOf(entry);
    const isNewDay = before === null || dayOf(timeOf(before)) !== dayOf(at);
    if (isNewDay) made.push({ kind: "day", key: `day:${dayOf(at)}`, at });
    if (newFrom !== null && entry.id === newFrom) made.push({ kind: "new", key: "new" });
    made.push({ kind: "message", key: keyOf(entry), head: made.at(-1)?.kind !== "message" || !continues(before, entry), entry });
    before = entry;
  };
  for (const message of messages) {
    add(message);
    const coming = comings.get(message.id);
    if (coming) made.push({ kind: "coming", ...coming });
  }
  waiting.forEach(add);
  return made;
}

const timeOf = ({ created_at, at }) => created_at ?? at;

/** The same for what is on its way and what it becomes: the row stays. */
export const keyOf = ({ author, cid, id }) => (cid ? `${author.id}:${cid}` : `id:${id}`);

function continues(before, entry) {
  return before !== null && !before.deleted && !(entry.reply_to ?? entry.body?.reply_to) && before.author.id === entry.author.id && timeOf(entry) - timeOf(before) < TOGETHER;
}
