/** What only staff see of a round: its teams with their members, who is left over, and the roster. */
import { effect, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { get } from "../lib/http.js";

/** After news of the round, ms: a rush of sign-ups is one request. */
const PATIENCE = 1_000;
/** That somebody comes in by their code is no news for the others in the round, so it is asked for. */
const AGAIN = 15_000;

const flat = ({ team, entries, place, waiting }) => ({ ...team, members: entries, place, waiting });

export const pathOf = (id, part) => `/pairup/${id}?tab=staff&part=${part}`;

export class StaffSide {
  /** { teams, left, counts, problem }; a team with its `members` as entries, `place` and `waiting` */
  overview = signal(null);
  /** [Entry] */
  entries = signal(null);
  problem = signal(null);
  #id;
  #hasRoster;
  #timer = null;
  #turn = 0;

  constructor(id, hasRoster) {
    this.#id = id;
    this.#hasRoster = hasRoster;
  }

  /** What was asked for first and answered last is not shown. */
  load = async () => {
    clearTimeout(this.#timer);
    this.#timer = null;
    const mine = (this.#turn += 1);
    const path = `/pairup/rounds/${this.#id}`;
    try {
      const [overview, roster] = await Promise.all([get(`${path}/overview`), this.#hasRoster ? get(`${path}/roster`) : { items: null }]);
      if (mine !== this.#turn) return;
      this.overview.value = { ...overview, teams: overview.teams.map(flat) };
      this.entries.value = roster.items;
      this.problem.value = null;
    } catch (problem) {
      if (mine === this.#turn) this.problem.value = problem;
    }
  };

  soon() {
    this.#timer ??= setTimeout(this.load, PATIENCE);
  }

  close() {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }
}

/** `model`: the open round; whatever changes in it may change what staff see. `roster`: whether that is wanted, too. */
export function useStaffSide(model, { roster = true } = {}) {
  const [side] = useState(() => new StaffSide(model.id, roster));
  useEffect(() => {
    side.load();
    let isFirst = true;
    const stop = effect(() => {
      [model.round, model.labs, model.places, model.teams, model.looking].forEach((one) => one.value);
      if (!isFirst) side.soon();
      isFirst = false;
    });
    const timer = setInterval(() => document.hidden || side.load(), AGAIN);
    return () => (clearInterval(timer), stop(), side.close());
  }, []);
  return side;
}
