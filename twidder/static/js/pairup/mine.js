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

const joined = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} & ${names.at(-1)}` : names.join(""));

/** Whether the rules let me have a team of my own. */
export const mayBeAlone = ({ round, mine }) => round.value.size_min === 1 || round.value.alone.includes(mine.value.entry.cohort);

/** For an avatar. */
export function person({ entry, name }) {
  const [firstname, ...others] = name.split(" ");
  return { id: entry, firstname, familyname: others.join(" ") };
}
