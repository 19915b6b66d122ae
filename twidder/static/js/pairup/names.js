/**
 * Names in a round that tells them to staff alone. Its events carry none, so those that were loaded stay, and are asked
 * for again when a team changes.
 */
import { isStaff } from "../accounts/roles.js";
import { get } from "../lib/http.js";

/** After news of a team, ms: a rush of them is one request. */
const PATIENCE = 1_000;

export const isVeiled = (round) => round?.names === "staff" && isStaff();

/** Map: team → { label, members } */
export const namesOf = (teams) => new Map(teams.map(({ id, label, members }) => [id, { label, members }]));

/** `parts`: of a picture of a round, its places, teams and calls among them. What has its name stays the same object. */
export function unveiled({ places, teams, calls, ...others }, names) {
  const labelled = (one) => {
    const label = names.get(one.team?.id)?.label ?? one.team?.label;
    return label === one.team?.label ? one : { ...one, team: { ...one.team, label } };
  };
  const named = (team) => (names.has(team.id) ? { ...team, ...names.get(team.id) } : team);
  const over = (map, name) => new Map([...map].map(([key, one]) => [key, name(one)]));
  return { ...others, ...(places && { places: over(places, labelled) }), ...(teams && { teams: over(teams, named) }), ...(calls && { calls: over(calls, labelled) }) };
}

/** Asks for them, once for all that is asked within a moment. `told(names)` */
export class Asking {
  #timer = null;

  constructor(id, told) {
    this.soon = () => {
      this.#timer ??= setTimeout(async () => {
        this.#timer = null;
        const overview = await get(`/pairup/rounds/${id}/overview`).catch(() => null);
        if (overview) told(namesOf(overview.teams.map(({ team }) => team)));
      }, PATIENCE);
    };
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
