/** My rounds; of staff, all. Loaded when I sign in, whenever the list is looked at, and when one changes under my eyes. */
import { computed, effect, signal, untracked } from "@preact/signals";
import { phase, user, whenLeaving } from "../accounts/session.js";
import { get } from "../lib/http.js";
import { phaseOf, second } from "./clock.js";

const AGAIN = 3_000;
const FAR = 1e15;

/** [{ round, entry }]; null until loaded. */
export const rounds = signal(null);

export const roundPath = ({ id }) => `/pairup/${id}`;

/** Whoever has one round needs no list of it. */
export const pathOfPairup = computed(() => (rounds.value?.length === 1 ? roundPath(rounds.value[0].round) : "/pairup"));

/** The one that closes next, or that opens next. */
export const nextRound = computed(() => {
  const phases = new Map((rounds.value ?? []).map(({ round }) => [round, phaseOf(round, second.value)]));
  const coming = [...phases.keys()].filter((round) => phases.get(round) !== "closed");
  return coming.sort((a, b) => (phases.get(b) === "open") - (phases.get(a) === "open") || (a.closes_at ?? FAR) - (b.closes_at ?? FAR))[0] ?? null;
});

let turn = 0;

/** Raises a Problem when they cannot be had. */
export async function loadRounds() {
  const mine = (turn += 1);
  const { items } = await get("/pairup/rounds");
  if (mine === turn) rounds.value = items;
}

/** A round as an answer or an event told it. */
export function putRound(round) {
  const known = rounds.value ?? [];
  const isKnown = known.some((card) => card.round.id === round.id);
  rounds.value = isKnown ? known.map((card) => (card.round.id === round.id ? { ...card, round } : card)) : [{ round, entry: null }, ...known];
}

const holder = computed(() => (phase.value === "in" && user.value && !user.value.guest ? user.value.id : null));

async function start() {
  const me = holder.value;
  await loadRounds().catch(() => setTimeout(() => holder.value === me && rounds.value === null && start(), AGAIN));
}

effect(() => {
  if (holder.value !== null) untracked(start);
});

whenLeaving(() => {
  turn += 1;
  rounds.value = null;
});
