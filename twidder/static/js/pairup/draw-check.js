// Whether a published draw is right, reckoned here and not believed: twidder/pairup/checking.py in this browser's own
// numbers. The server sends the draw, and nothing of the answer. SHA-256 is a script of ours, since browsers offer theirs
// on https alone.

const VERSION = 1, BITS = 28, EXACT = 53, WORDS = 8;

export class NotRight extends Error {}

// `draw`: the document. `commitment`: what the round showed before anybody ranked. Resolves to {teams, places, milliseconds};
// rejects with NotRight, whose message is a sentence.
export async function check(draw, commitment) {
  const { sha256 } = await import("../../vendor/noble/sha2.js");
  const began = performance.now();
  const hash = (text) => sha256(new TextEncoder().encode(text));
  expect(draw?.version === VERSION, `Only version ${VERSION} of a draw is known here.`);
  checkInputs(draw.inputs);
  expect(draw.commitment === commitment, "The commitment is not the one that was published before.");
  expect(hex(hash(draw.secret)) === draw.commitment, "The secret is not the one that was committed to.");
  const seed = hex(hash(draw.secret + canonical(draw.inputs)));
  expect(seed === draw.seed, "The seed does not come from the secret and the inputs.");
  expect(Array.isArray(draw.ties), "The earlier attempts are not listed.");
  draw.ties.forEach((tie, number) => expect(!weigh(draw.inputs, seed, number, tie, hash).unique,
    `Attempt ${number} was no tie, and should have been the result.`));
  const { cost, unique } = weigh(draw.inputs, seed, draw.ties.length, draw, hash);
  expect(unique, "Another assignment is as good: the seed does not decide.");
  expect(cost === draw.cost, "The cost is not that of the assignment.");
  checkChoices(draw);
  return { teams: draw.inputs.teams.length, places: draw.inputs.places.length,
    milliseconds: performance.now() - began };
}

function checkInputs(inputs) {
  const { teams, places, rankings } = inputs ?? {};
  expect(Number.isSafeInteger(inputs?.round), "The inputs name no round.");
  expect(ascend(teams), "The teams are not in order, each once.");
  expect(ascend(places), "The places are not in order, each once.");
  expect(sameKeys(rankings, teams), "The rankings are not those of the teams.");
  const there = new Set(places);
  for (const team of teams) {
    const ranking = rankings[team];
    const once = Array.isArray(ranking) && new Set(ranking).size === ranking.length;
    expect(once && ranking.every((place) => there.has(place)),
      `Team ${team} ranks a place twice, or one that is not there.`);
  }
}

// The text that is hashed, as `canonical` of drawing.py makes it.
function canonical({ round, teams, places, rankings }) {
  return JSON.stringify({ round, teams, places, rankings: teams.map((team) => rankings[team]) });
}

// {cost, unique}: what an attempt costs, and whether no other assignment costs as little. Throws where it is none, or is
// not shown to be the best.
function weigh(inputs, seed, number, { assignment, prices }, hash) {
  const holders = findHolders(inputs, assignment);
  const listed = listPrices(inputs, prices, holders);
  const index = new Map(inputs.places.map((place, position) => [place, position]));
  const outside = inputs.teams.length, nothing = inputs.places.length;
  const after = Array.from({ length: outside + 1 }, () => new Set());
  const reckon = costsOf(inputs, index, seed, number, hash);
  let cost = 0;
  inputs.teams.forEach((team, position) => {
    const row = reckon(team), place = assignment[team], own = place === null ? nothing : index.get(place);
    const best = row[own] + listed[own];
    cost += row[own];
    for (let option = 0; option <= nothing; option += 1) {
      const full = row[option] + listed[option];
      expect(full >= best, `Team ${team} has not what is best for it at these prices.`);
      if (full === best && option !== own) after[position].add(holders.get(inputs.places[option]) ?? outside);
    }
    if (place === null || !listed[own]) after[outside].add(position);
  });
  return { cost, unique: hasNoRing(after) };
}

// The position of the team that has it, by place.
function findHolders({ teams, places }, assignment) {
  expect(sameKeys(assignment, teams), "The assignment is not one of the teams.");
  const there = new Set(places), holders = new Map();
  teams.forEach((team, position) => {
    const place = assignment[team];
    if (place === null) return;
    expect(there.has(place), `Team ${team} has a place that does not take part.`);
    expect(!holders.has(place), `Place ${place} is given away twice.`);
    holders.set(place, position);
  });
  return holders;
}

// In the order of the places, and behind them that of none.
function listPrices({ places }, prices, holders) {
  const held = new Set([...holders.keys()].map(String));
  for (const [place, price] of Object.entries(prices ?? {})) {
    expect(Number.isSafeInteger(price) && price > 0, `The price of place ${place} is not above nothing.`);
    expect(held.has(place), `Place ${place} has a price, and nobody has it.`);
  }
  return [...places.map((place) => prices?.[place] ?? 0), 0];
}

// A function that gives, for a team, the cost of each place and behind them that of none.
function costsOf({ teams, rankings, places }, index, seed, number, hash) {
  const longest = Math.max(0, ...teams.map((team) => rankings[team].length));
  const bits = Math.min(BITS, EXACT - (teams.length ** 2 * (longest + 3)).toString(2).length);
  const one = teams.length * 2 ** bits, shift = 32 - bits;
  return (team) => {
    const ranking = rankings[team];
    const row = new Float64Array(places.length + 1).fill((ranking.length + 1) * one);
    ranking.forEach((place, position) => { row[index.get(place)] = (position + 1) * one; });
    for (let block = 0; block * WORDS < places.length; block += 1) {
      const words = new DataView(hash(`${seed}:${number}:${team}:${block}`).buffer);
      const end = Math.min(WORDS, places.length - block * WORDS);
      for (let word = 0; word < end; word += 1) row[block * WORDS + word] += words.getUint32(word * 4) >>> shift;
    }
    row[places.length] = (ranking.length + 2) * one;
    return row;
  };
}

// Another assignment that costs the same would be a ring of teams, each as content with what the next one has.
function hasNoRing(after) {
  const before = new Array(after.length).fill(0);
  for (const some of after) for (const one of some) before[one] += 1;
  const ready = [...before.keys()].filter((one) => before[one] === 0);
  let taken = 0;
  while (ready.length > 0) {
    taken += 1;
    for (const one of after[ready.pop()]) if ((before[one] -= 1) === 0) ready.push(one);
  }
  return taken === after.length;
}

function checkChoices({ inputs, assignment, choices }) {
  const longest = Math.max(0, ...inputs.teams.map((team) => inputs.rankings[team].length));
  const counted = { ranks: new Array(longest).fill(0), unranked: 0, none: 0 };
  for (const team of inputs.teams) {
    const place = assignment[team], rank = inputs.rankings[team].indexOf(place);
    if (place === null) counted.none += 1;
    else if (rank < 0) counted.unranked += 1;
    else counted.ranks[rank] += 1;
  }
  const right = choices?.unranked === counted.unranked && choices.none === counted.none
    && JSON.stringify(choices.ranks) === JSON.stringify(counted.ranks);
  expect(right, "The choices are not counted right.");
}

function sameKeys(object, ids) {
  const wanted = new Set(ids.map(String));
  return typeof object === "object" && object !== null && Object.keys(object).length === wanted.size
    && Object.keys(object).every((key) => wanted.has(key));
}

function ascend(ids) {
  return Array.isArray(ids) && ids.every((id, position) => Number.isSafeInteger(id) && (position === 0 || ids[position - 1] < id));
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function expect(isSo, otherwise) {
  if (!isSo) throw new NotRight(otherwise);
}
