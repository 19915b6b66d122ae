/**
 * Who came and went, told quietly between the messages. Between two messages each person counts once: who joined and left
 * again leaves no trace. And which values of the room's boards fell silent. Pure.
 */

/** Of so many series between two messages. */
const TOLD = 6;

/** `group`: { key, joined: [Author], left: [Author], removed: [Author], told: [{ id, text }] } of one place in the list; returns it with a change. */
export function note(group, what, person) {
  const isIn = (list) => list.some(({ id }) => id === person.id);
  const without = (list) => list.filter(({ id }) => id !== person.id);
  if (what === "left" && isIn(group.removed)) return group;
  if (what === "removed") return { ...group, left: without(group.left), removed: [...without(group.removed), person] };
  const other = { joined: "left", left: "joined" }[what];
  if (isIn(group[other])) return { ...group, joined: without(group.joined), left: without(group.left) };
  return { ...group, [what]: [...without(group[what]), person] };
}

/** What a board's series tells; of each only the latest. */
export const tell = (group, id, text) => ({ ...group, told: [...group.told.filter((one) => one.id !== id), { id, text }].slice(-TOLD) });

export const nothing = (after) => ({ key: `coming:${after}`, joined: [], left: [], removed: [], told: [] });
export const isEmpty = ({ joined, left, removed, told }) => joined.length + left.length + removed.length + told.length === 0;

/** "Klara and 3 others joined", "Bert left". */
export function sentences({ joined, left, removed, told: ofBoards }) {
  const told = [
    [joined, "joined"],
    [left, "left"],
    [removed, removed.length === 1 ? "was removed" : "were removed"],
  ];
  const ofPeople = told.filter(([people]) => people.length).map(([people, verb]) => `${list(people)} ${verb}`);
  return [...ofPeople, ...ofBoards.map(({ text }) => text)];
}

function list(people) {
  const names = people.map(({ firstname }) => firstname);
  if (names.length === 1) return names[0];
  if (names.length === 2) return `${names[0]} and ${names[1]}`;
  return `${names[0]} and ${names.length - 1} others`;
}
