/**
 * What an event of `pairup:ID` does to the picture of a round. Pure: makes a new picture of the parts that change.
 *   { round, labs: [Lab], places: Map, teams: Map, looking: Map by entry, calls: Map, seconds: { lab: s } }
 */

const CHANGES = {
  "round.changed": (_, { round }) => ({ round }),
  "draw.published": (_, { round }) => ({ round }),
  "round.gone": () => ({ gone: true }),
  "lab.changed": ({ labs }, { lab }) => ({ labs: [...labs.filter(({ id }) => id !== lab.id), lab].sort((a, b) => a.id - b.id) }),
  "lab.gone": ({ labs, places }, { id }) => ({
    labs: labs.filter((lab) => lab.id !== id),
    places: new Map([...places].filter(([, place]) => place.lab !== id)),
  }),
  "places.changed": ({ places }, { places: changed }) => ({ places: put(places, changed, ({ id }) => id) }),
  "places.gone": ({ places }, { ids }) => ({ places: take(places, ids) }),
  "team.changed": ({ teams }, { team }) => ({ teams: put(teams, [team], ({ id }) => id) }),
  "team.gone": ({ teams }, { id }) => ({ teams: take(teams, [id]) }),
  "looking.changed": ({ looking: known }, { looking }) => ({ looking: put(known, [looking], ({ entry }) => entry) }),
  "looking.ended": ({ looking }, { entry }) => ({ looking: take(looking, [entry]) }),
  "call.changed": ({ calls }, { call }) => ({ calls: put(calls, [call], ({ id }) => id) }),
  "call.gone": ({ calls, seconds: known }, { id, lab, seconds }) => ({ calls: take(calls, [id]), seconds: { ...known, [lab]: seconds } }),
};

/** Only the parts that change. What is not known here changes nothing. */
export const changesOf = (picture, { event, data }) => CHANGES[event]?.(picture, data) ?? {};

/** As `GET /pairup/rounds/ID` answers. */
export const pictureOf = ({ round, labs, places, teams, looking, calls, seconds }) => ({
  round,
  labs,
  places: put(new Map(), places, ({ id }) => id),
  teams: put(new Map(), teams, ({ id }) => id),
  looking: put(new Map(), looking, ({ entry }) => entry),
  calls: put(new Map(), calls, ({ id }) => id),
  seconds,
});

function put(map, items, key) {
  const changed = new Map(map);
  for (const item of items) changed.set(key(item), item);
  return changed;
}

function take(map, keys) {
  const changed = new Map(map);
  for (const key of keys) changed.delete(key);
  return changed;
}
