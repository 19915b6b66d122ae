/**
 * The log topics this page follows, and the one rule about what may be applied: the next event only. Smaller numbers are
 * ignored; a larger one means a loss, so the topic is joined again.
 *
 * One topic may have several followers (the list of rooms and the open room, say): they share one join, and each has a
 * position of its own. Whoever comes later with an older position than the topic's gets what it misses by another join.
 *
 *   const leave = live.topics.follow("room:12", {
 *     seq, epoch,          everything up to here is known (null: start at the head)
 *     apply(event),        { seq, event, at, data }, in order, each once
 *     reload(),            → promise of { seq, epoch }: too much was missed, everything is to be loaded again
 *     lost(reason),        the topic is gone for good; the follower is let go
 *     presence(now, change),  now: { version, count, here: [Author] }; change: { joined, left } or null for a first picture
 *     typing(user), read(seq),   all but seq, epoch, apply and reload may be missing
 *   });
 *   leave();               the last one to leave leaves the topic
 *
 * Of state topics (boards, my figures) only the newest counts:
 *
 *   const leave = live.topics.followState("board:3", {
 *     seq, epoch,          as above (null: everything, please)
 *     state(data, { seq, at, whole, caughtUp }),   key → newest value, null = gone; `whole`: instead of all there was;
 *                          `caughtUp`: the answer to a join, so that news may have been skipped before it
 *     reload(), lost(reason)   as above
 *   });
 */
import { followPresence, snapshot } from "./presence.js";
import { States } from "./states.js";

const RELOAD_AGAIN = 3_000;

export class Topics {
  /** name → { followers: Set, asked: a join is on its way, from: its position, presence } */
  #topics = new Map();
  #send;
  #epoch = null;
  #connected = false;
  #joins = 0;
  #states = new States({
    join: (topics) => this.#sendJoin(this.#epoch, topics),
    leave: (name) => this.#send({ type: "leave", topics: [name] }),
  });

  /** Told of frames about topics that nobody follows: `heads`, and `read` from another tab. */
  heard = () => {};

  constructor(send) {
    this.#send = send;
  }

  follow(name, follower) {
    const topic = this.#topics.get(name) ?? { followers: new Set(), asked: false, from: null, presence: null };
    const known = { ...follower };
    if (known.seq === null && !topic.asked) Object.assign(known, newestOf(topic));
    topic.followers.add(known);
    this.#topics.set(name, topic);
    if (topic.presence) known.presence?.(topic.presence, null);
    if (this.#connected && !topic.asked && (topic.followers.size === 1 || isBehind(topic, known))) this.#join([name]);
    return () => this.#leave(name, known);
  }

  followState(name, follower) {
    return this.#states.follow(name, follower);
  }

  #leave(name, follower) {
    const topic = this.#topics.get(name);
    if (!topic?.followers.delete(follower) || topic.followers.size) return;
    this.#topics.delete(name);
    if (this.#connected) this.#send({ type: "leave", topics: [name] });
  }

  clear() {
    this.#topics.clear();
    this.#states.clear();
    this.#connected = false;
  }

  connected(epoch) {
    this.#epoch = epoch;
    this.#connected = true;
    this.#join([...this.#topics.keys()]);
    this.#states.connected(epoch);
  }

  disconnected() {
    this.#connected = false;
    this.#states.disconnected();
  }

  receive(frame) {
    if (frame.type === "joined") Object.entries(frame.topics).forEach(([name, answer]) => this.#joined(name, answer, frame.id));
    else if (frame.type === "state") this.#states.frame(frame);
    else if (frame.type === "event") this.#event(frame.topic, frame);
    else if (frame.type === "presence") this.#presence(frame.topic, frame);
    else if (frame.type === "typing") this.#tell(frame.topic, (follower) => follower.typing?.(frame.user));
    else if (frame.type === "read") this.#read(frame);
    else if (frame.type === "heads") this.heard(frame);
    else if (frame.type === "gap") this.#behind(frame.topic);
    else if (frame.type === "left") this.#lose(frame.topic, frame.reason);
    else if (frame.type === "heartbeat") Object.entries(frame.heads ?? {}).forEach(([name, head]) => this.#head(name, head));
  }

  #tell(name, tell) {
    this.#topics.get(name)?.followers.forEach(tell);
  }

  #read(frame) {
    this.#tell(frame.topic, (follower) => follower.read?.(frame.seq));
    this.heard(frame);
  }

  /** One frame per epoch, since a join carries one epoch for all its topics. */
  #join(names) {
    const byEpoch = Map.groupBy(names, (name) => this.#epochOf(this.#topics.get(name)));
    for (const [epoch, group] of byEpoch) {
      const topics = {};
      for (const name of group) {
        const topic = this.#topics.get(name);
        topic.asked = true;
        topics[name] = topic.from = oldestOf(topic);
      }
      this.#sendJoin(epoch, topics);
    }
  }

  #sendJoin(epoch, topics) {
    this.#send({ type: "join", id: (this.#joins += 1), epoch, topics });
    return this.#joins;
  }

  /** A follower of another epoch makes the whole topic start anew. */
  #epochOf(topic) {
    return steady(topic).map(({ epoch }) => epoch).find((epoch) => epoch && epoch !== this.#epoch) ?? this.#epoch;
  }

  #joined(name, answer, id) {
    if (this.#states.has(name)) return this.#states.joined(name, answer, id);
    const topic = this.#topics.get(name);
    if (!topic) return;
    topic.asked = false;
    if (answer.error) return this.#lose(name, answer.error);
    if (answer.presence) this.#picture(topic, answer.presence);
    const followers = steady(topic);
    if (answer.reset) return followers.forEach((follower) => this.#reload(name, follower));
    const late = followers.filter(({ seq }) => seq !== null && seq < (topic.from ?? Infinity));
    for (const follower of followers) this.#catchUp(name, follower, answer, late.includes(follower));
    if (late.some(({ seq }) => seq < answer.seq)) this.#join([name]);
  }

  /** `late`: came while the join was on its way, with an older position. */
  #catchUp(name, follower, answer, late) {
    if (follower.seq === null) return Object.assign(follower, { seq: answer.seq, epoch: this.#epoch });
    for (const event of answer.events ?? []) this.#apply(follower, event);
    if (!late && follower.seq < answer.seq) this.#reload(name, follower);
  }

  #event(name, event) {
    const topic = this.#topics.get(name);
    if (!topic) return;
    const behind = steady(topic).filter((follower) => !this.#apply(follower, event) && event.seq > follower.seq);
    if (behind.length) this.#behind(name);
  }

  #apply(follower, event) {
    if (follower.seq === null || event.seq !== follower.seq + 1) return false;
    follower.seq = event.seq;
    follower.apply(event);
    return true;
  }

  #head(name, head) {
    this.#states.head(name, head);
    const topic = this.#topics.get(name);
    if (topic && steady(topic).some(({ seq }) => seq !== null && head > seq)) this.#behind(name);
  }

  #behind(name) {
    this.#states.gap(name);
    const topic = this.#topics.get(name);
    if (topic && !topic.asked && this.#connected) this.#join([name]);
  }

  #lose(name, reason) {
    this.#states.lose(name, reason);
    const topic = this.#topics.get(name);
    this.#topics.delete(name);
    topic?.followers.forEach((follower) => follower.lost?.(reason));
  }

  #picture(topic, presence) {
    topic.presence = snapshot(presence);
    topic.followers.forEach((follower) => follower.presence?.(topic.presence, null));
  }

  #presence(name, frame) {
    const topic = this.#topics.get(name);
    if (!topic?.presence) return;
    const next = followPresence(topic.presence, frame);
    if (next === null) return this.#behind(name);
    topic.presence = next;
    topic.followers.forEach((follower) => follower.presence?.(next, { joined: frame.joined ?? [], left: frame.left ?? [] }));
  }

  /** Until it has succeeded the follower hears no event. */
  async #reload(name, follower) {
    const isGone = () => !this.#topics.get(name)?.followers.has(follower);
    follower.reloading = true;
    let position = null;
    while (!position && !isGone()) {
      position = await follower.reload().catch(() => null);
      if (!position) await pause(RELOAD_AGAIN);
    }
    if (isGone()) return;
    Object.assign(follower, position, { reloading: false });
    this.#behind(name);
  }
}

const pause = (delay) => new Promise((resolve) => setTimeout(resolve, delay));

/** Those who have a position, or want one. */
const steady = ({ followers }) => [...followers].filter(({ reloading }) => !reloading);
const positions = (topic) => steady(topic).map(({ seq }) => seq).filter((seq) => seq !== null);

/** From here a join brings everybody what they miss; null: nobody knows anything yet. */
const oldestOf = (topic) => (positions(topic).length ? Math.min(...positions(topic)) : null);

/** Where a follower may begin that wants only what is new. */
function newestOf(topic) {
  const newest = steady(topic).sort((a, b) => b.seq - a.seq)[0];
  return newest ? { seq: newest.seq, epoch: newest.epoch } : {};
}

/** Older than the others: what lies between would never come by itself. */
const isBehind = (topic, { seq }) => seq !== null && seq < Math.max(...positions(topic));
