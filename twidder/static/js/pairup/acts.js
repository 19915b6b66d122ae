/** What a student does in a round. Each is done at once or says why not. */
import { say } from "../frame/toast.js";
import { patch, post, put, remove } from "../lib/http.js";
import { clock } from "../lib/time.js";
import { serverNow } from "../live/clock.js";

/** As `limits.hold_seconds`; drawn until the server has said it exactly. */
const HOLD = 90_000;

/** Runs what may be refused; true when it was not. */
export async function tried(act, done) {
  try {
    await act();
    if (done) say(done);
    return true;
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    say(problem.message);
    return false;
  }
}

/** A free place for the team. `round`: LiveRound. */
export async function take(round, place) {
  const team = round.team.value;
  const isHeld = round.round.value.confirm && team.members.length > 1;
  const changes = { state: isHeld ? "held" : "taken", team: { id: team.id, label: team.label }, until: isHeld ? serverNow() + HOLD : null };
  try {
    await round.pretend(place.id, changes, () => put(`/pairup/places/${place.id}/team`, {}));
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    const by = problem.code === "taken" ? await holderOf(round, place) : null;
    say(by && by.id !== team.id ? `${by.label} took ${clock(place.starts_at)} a moment before you.` : problem.message);
  }
}

/** Who has it; asked for where this page has not heard of it yet. */
async function holderOf(round, { id }) {
  if (!round.places.value.get(id)?.team) await round.refresh().catch(() => {});
  return round.places.value.get(id)?.team ?? null;
}

export const confirmHold = (round, { id, fence, starts_at: at }) =>
  tried(() => round.pretend(id, { state: "taken", until: null }, () => post(`/pairup/places/${id}/confirmation`, { fence })), `${clock(at)} is yours`);

export async function giveBack(round, place) {
  const isHeld = place.state === "held";
  const done = await tried(() => round.pretend(place.id, { state: "free", team: null, until: null }, () => remove(`/pairup/places/${place.id}/team`)));
  if (done && !isHeld) say(`You gave back ${clock(place.starts_at)}`, { label: "Take it again", run: () => take(round, place) });
}

export const waitFor = (round, lab) => tried(() => put(`/pairup/labs/${lab.id}/waiting`, {})).then((done) => done && round.askMine());
export const stopWaiting = (round, lab) => tried(() => remove(`/pairup/labs/${lab.id}/waiting`)).then((done) => done && round.askMine());

export const offerSwap = (round, place) =>
  tried(() => post(`/pairup/places/${place.id}/swaps`), `Offered. ${place.team?.label ?? "They"} can accept it now`).then((done) => done && round.askMine());
export const acceptSwap = (round, { id }) => tried(() => post(`/pairup/swaps/${id}/acceptance`)).then(() => round.askMine());
export const dropSwap = (round, { id }) => tried(() => remove(`/pairup/swaps/${id}`)).then(() => round.askMine());

export const acceptInvitation = (round, { id }) => tried(() => post(`/pairup/invitations/${id}/acceptance`)).then(() => round.askMine());
export const dropInvitation = (round, { id }) => tried(() => remove(`/pairup/invitations/${id}`)).then(() => round.askMine());

export const describeTeam = ({ id }, changes) => patch(`/pairup/teams/${id}`, changes);
export const beAlone = (round) => tried(() => post(`/pairup/rounds/${round.id}/teams`)).then(() => round.askMine());
export const dissolveTeam = (round) => tried(() => remove(`/pairup/teams/${round.team.value.id}`), "The team is dissolved").then(() => round.askMine());
export const leaveTeam = (round) => tried(() => remove(`/pairup/teams/${round.team.value.id}/members/${round.mine.value.entry.id}`), "You left the team").then(() => round.askMine());
