/** Who is here, as a topic's `joined` and `presence` frames tell it. Pure. */

export const snapshot = ({ version, count, here = [] }) => ({ version, count, here });

/** The picture after a change; null when a change was missed. In a crowd only the number is told. */
export function followPresence(now, { version, count, joined = [], left = [] }) {
  if (version <= now.version) return now;
  if (version !== now.version + 1) return null;
  const gone = new Set([...left, ...joined.map(({ id }) => id)]);
  return { version, count, here: [...now.here.filter(({ id }) => !gone.has(id)), ...joined] };
}
