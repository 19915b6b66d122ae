/** My team in words. */

/** "Maria", "Maria & Bo": my team without me; of a team alone "Nobody". */
export function labelOthers({ team, mine }) {
  const { entry } = mine.value;
  const others = team.value.members.filter((one) => one.entry !== entry.id).map(({ name }) => name.split(" ")[0]);
  return others.length ? joined(others) : "Nobody";
}

/** "You", "You & Maria", "You, Maria & Bo" */
export function labelWithMe({ team, mine }) {
  const others = team.value.members.filter((one) => one.entry !== mine.value.entry.id).map(({ name }) => name.split(" ")[0]);
  return joined(["You", ...others]);
}

/** "Maria Ek & Bo Alm": as `labelOthers`, by full name; empty of a team alone. */
export const namesOfOthers = ({ mine }) => joined(mine.value.members.filter((one) => one.entry !== mine.value.entry.id).map(({ name }) => name));

const joined = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} & ${names.at(-1)}` : names.join(""));

/** Whether the rules let me have a team of my own. */
export const mayBeAlone = ({ round, mine }) => round.value.size_min === 1 || round.value.alone.includes(mine.value.entry.cohort);

/** In such a round nobody takes a place yet. */
export const isBeforeDraw = ({ round }) => round.value.mode === "draw" && round.value.drawn_at === null;

/** For an avatar. */
export function person({ entry, name }) {
  const [firstname, ...others] = name.split(" ");
  return { id: entry, firstname, familyname: others.join(" ") };
}
