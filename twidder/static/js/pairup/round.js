/**
 * One round as this page shows it: loaded by HTTP, kept up to date by `pairup:ID`, and by `entry:ID` for what concerns
 * only me. What I do is drawn at once, over what the server has told.
 *
 *   const one = openRound(3);   one.close();
 *
 * Signals: round · labs: [Lab] · places, teams, looking, calls: Map by id (looking: by entry) · seconds: { lab: s } · mine:
 * Mine or null · watching: how many · problem, lost. Of these follow `seats`, `team`, `place`, `hold`, `phase`.
 */
import { batch, computed, signal } from "@preact/signals";
import { get } from "../lib/http.js";
import { live } from "../live/socket.js";
import { changesOf, pictureOf } from "./changes.js";
import { phaseOf, second } from "./clock.js";
import { Asking, isVeiled, namesOf, unveiled } from "./names.js";

const PARTS = ["round", "labs", "places", "teams", "looking", "calls", "seconds"];

export const openRound = (id) => new LiveRound(id);

class LiveRound {
  /** Null until loaded. */
  round = signal(null);
  labs = signal([]);
  places = signal(new Map());
  teams = signal(new Map());
  looking = signal(new Map());
  calls = signal(new Map());
  seconds = signal({});
  mine = signal(null);
  watching = signal(null);
  problem = signal(null);
  /** Why it is not mine to see any more. */
  lost = signal(null);

  #pretended = signal(new Map());
  #closed = false;
  #leaves = [];
  #names = new Map();
  #asking;
  #entrySeq = 0;
  #asked = 0;

  constructor(id) {
    this.id = id;
    this.#asking = new Asking(id, (names) => this.#closed || this.#name(names));
    this.open();
  }

  /** soon | open | closed, as the clock goes. */
  phase = computed(() => this.round.value && phaseOf(this.round.value, second.value));
  /** id → Place: what the server has told, under what I have just done. */
  seats = computed(() => {
    if (!this.#pretended.value.size) return this.places.value;
    const seats = new Map(this.places.value);
    for (const [id, place] of this.#pretended.value) seats.has(id) && seats.set(id, place);
    return seats;
  });
  /** Mine, with its members by name whatever the round says of names; null without one. */
  team = computed(() => {
    const { team, members } = this.mine.value ?? {};
    if (!team) return null;
    const { title, description, complete, locked, size } = this.teams.value.get(team.id) ?? team;
    return { ...team, title, description, complete, locked, size, members };
  });
  /** That my team has, and that it holds. */
  place = computed(() => this.#seatOfMine("taken"));
  hold = computed(() => this.#seatOfMine("held"));

  #seatOfMine(state) {
    const id = this.mine.value?.team?.id;
    return id === undefined ? null : ([...this.seats.value.values()].find((place) => place.state === state && place.team?.id === id) ?? null);
  }

  /** Whether what is shown is what is. */
  get isLive() {
    return live.state.value === "live";
  }

  /** `quietly`: what went wrong before stands until it has worked. */
  async open(quietly = false) {
    if (!quietly) this.problem.value = null;
    try {
      const { seq, epoch, entry } = await this.#load();
      if (this.#closed) return;
      this.problem.value = null;
      this.#follow(`pairup:${this.id}`, { seq, epoch, apply: (event) => this.#apply(event), presence: ({ count }) => (this.watching.value = count) });
      if (entry) this.#follow(`entry:${entry}`, { seq: this.#entrySeq, epoch, apply: (event) => this.#applyMine(event), lost: () => this.#leaveRoster(), isMine: true });
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      this.problem.value = problem;
    }
  }

  /** My entry is somebody else's now, or nobody's. Staff see the round without one. */
  #leaveRoster() {
    this.#load().catch(({ status }) => status === 404 && (this.lost.value = "gone"));
  }

  close() {
    this.#closed = true;
    this.#leaves.forEach((leave) => leave());
    this.#asking.stop();
  }

  #follow(topic, { isMine = false, ...follower }) {
    const reload = async () => {
      const { seq, epoch } = await this.#load();
      return { seq: isMine ? this.#entrySeq : seq, epoch };
    };
    this.#leaves.push(live.topics.follow(topic, { lost: (reason) => (this.lost.value = reason ?? "gone"), ...follower, reload }));
  }

  /** Everything anew: promise. */
  refresh = () => this.#load();

  async #load() {
    const { mine, seq, epoch, ...snapshot } = await get(`/pairup/rounds/${this.id}`);
    const picture = pictureOf(snapshot);
    this.#names = namesOf(snapshot.teams);
    batch(() => {
      for (const part of PARTS) this[part].value = picture[part];
      this.mine.value = mine;
      this.#pretended.value = new Map();
    });
    this.#entrySeq = mine?.seq ?? 0;
    return { seq, epoch, entry: mine?.entry.id };
  }

  #apply(event) {
    const { gone, ...told } = changesOf(Object.fromEntries(PARTS.map((part) => [part, this[part].value])), event);
    const changes = isVeiled(this.round.value) ? unveiled(told, this.#names) : told;
    batch(() => {
      if (gone) this.lost.value = "gone";
      for (const [part, value] of Object.entries(changes)) this[part].value = value;
      if (event.event === "places.changed") event.data.places.forEach(({ id }) => this.#settle(id));
    });
    if (event.event === "team.changed" && isVeiled(this.round.value)) this.#asking.soon();
  }

  #name(names) {
    this.#names = names;
    const { places, teams, calls } = this;
    const parts = unveiled({ places: places.value, teams: teams.value, calls: calls.value }, names);
    batch(() => Object.entries(parts).forEach(([part, value]) => (this[part].value = value)));
  }

  #applyMine({ event, data, seq }) {
    this.#entrySeq = Math.max(seq, this.#entrySeq);
    const mine = this.mine.value;
    if (event === "notice.created" && !mine.notices.some(({ id }) => id === data.id)) this.mine.value = { ...mine, notices: [data, ...mine.notices] };
    if (event === "mine.changed") this.askMine();
  }

  /** My side of it, anew. An answer that is older than what has been told meanwhile is asked for again. */
  async askMine() {
    const asked = (this.#asked += 1);
    const mine = await get(`/pairup/rounds/${this.id}/mine`).catch(() => null);
    if (asked !== this.#asked || this.#closed || !mine) return;
    if (mine.seq < this.#entrySeq) return this.askMine();
    this.#entrySeq = mine.seq;
    this.mine.value = mine;
  }

  // What I have just done

  /** Draws `changes` to a place until the server has told how it is. `send()`: promise of the Place, or of nothing. */
  async pretend(id, changes, send) {
    const drawn = { ...this.seats.value.get(id), ...changes };
    this.#draw(id, drawn);
    try {
      const answer = await send();
      if (this.#pretended.value.get(id) === drawn) this.#draw(id, answer ?? drawn);
      return answer;
    } catch (problem) {
      this.#settle(id);
      throw problem;
    }
  }

  #draw(id, place) {
    this.#pretended.value = new Map(this.#pretended.value).set(id, place);
  }

  #settle(id) {
    if (!this.#pretended.value.has(id)) return;
    const others = new Map(this.#pretended.value);
    others.delete(id);
    this.#pretended.value = others;
  }
}
