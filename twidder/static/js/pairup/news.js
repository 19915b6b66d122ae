/**
 * What concerns me in my rounds, wherever I look: a line at the foot of the page, a count in the rail and the title. Seen
 * is what was there when the round was looked at; up to which is remembered in this browser.
 */
import { computed, effect, signal, untracked } from "@preact/signals";
import { whenLeaving } from "../accounts/session.js";
import { say } from "../frame/toast.js";
import { pageIsWatched } from "../frame/watched.js";
import { showNotification } from "../inbox/system.js";
import { announce } from "../lib/announce.js";
import { get } from "../lib/http.js";
import { go, place } from "../lib/router.js";
import { live } from "../live/socket.js";
import { loadRounds, roundPath, rounds } from "./rounds.js";
import { noticeWords } from "./words.js";

/** More rounds at a time has nobody. */
const FOLLOWED = 5;
/** These stand in the round that they are about: on this tab, or on all. */
const IN_SIGHT = { hold: "", invited: "partners", called: "queue" };
const SEEN = "twidder.pairup.seen";

/** entry → how many notices are new */
const counts = signal({});
export const unseen = computed(() => Object.values(counts.value).reduce((sum, count) => sum + count, 0));

/** entry → how its topic is left */
const followed = new Map();
/** The round that is open, so that a notice can name places. */
export const shown = signal(null);

const readSeen = () => JSON.parse(localStorage.getItem(SEEN) ?? "{}");
const count = (entry, value) => (counts.value = { ...counts.value, [entry]: value });

/** `notices`: of this entry, the newest first; all of them have been looked at. */
export function markSeen(entry, notices) {
  const newest = notices[0]?.id ?? 0;
  const seen = readSeen();
  if (newest > (seen[entry] ?? 0)) localStorage.setItem(SEEN, JSON.stringify({ ...seen, [entry]: newest }));
  if (counts.value[entry]) count(entry, 0);
}

async function follow({ round, entry }) {
  const load = async () => {
    const mine = await get(`/pairup/rounds/${round.id}/mine`);
    const seen = readSeen()[entry] ?? 0;
    if (followed.has(entry)) count(entry, mine.notices.filter(({ id }) => id > seen).length);
    return { seq: mine.seq, epoch: null };
  };
  followed.set(entry, () => {});
  const position = await load().catch(() => null);
  if (!position || !followed.has(entry)) return followed.delete(entry);
  followed.set(entry, live.topics.follow(`entry:${entry}`, { ...position, apply: (event) => arrive(round, entry, event), reload: load }));
}

function isInSight({ kind }) {
  const tab = IN_SIGHT[kind];
  return tab !== undefined && (tab === "" || place.value.query.get("tab") === tab);
}

function arrive(round, entry, { event, data }) {
  if (event !== "notice.created") return;
  const path = roundPath(round);
  const isShown = shown.value?.id === round.id;
  const words = noticeWords(data, { places: isShown ? shown.value.places.value : undefined, short: true });
  if (isShown && pageIsWatched()) return isInSight(data) ? announce(words) : say(words);
  count(entry, (counts.value[entry] ?? 0) + 1);
  say(words, { label: "Show", run: () => go(path) }, path);
  showNotification({ title: round.name, body: words, tag: `pairup:${data.id}`, path });
}

effect(() => {
  const mine = (rounds.value ?? []).filter(({ entry }) => entry !== null).slice(0, FOLLOWED);
  untracked(() => mine.forEach((card) => followed.has(card.entry) || follow(card)));
});

/** A round that begins or ends while nobody reloads: cheap to ask when the connection is back. */
effect(() => {
  if (live.state.value === "live") untracked(() => rounds.value && loadRounds().catch(() => {}));
});

whenLeaving(() => {
  followed.forEach((leave) => leave());
  followed.clear();
  counts.value = {};
});
