/** Whom I follow and who follows me, from sign-in to sign-out. */
import { computed, effect, signal, untracked } from "@preact/signals";
import { memberId, whenLeaving } from "../accounts/session.js";
import { get, put, remove } from "../lib/http.js";
import { live } from "../live/socket.js";

/** { following: [Author], followers: [Author] }; null until loaded */
export const follows = signal(null);
const idsOf = (list) => computed(() => new Set(follows.value?.[list].map(({ id }) => id)));
const following = idsOf("following");
const followers = idsOf("followers");

export const isFollowed = (id) => following.value.has(id);
export const followsMe = (id) => followers.value.has(id);

let leave = null;
let again = false;
let loading = false;

/** Once more when something changed meanwhile: the answer may be older. */
async function load() {
  if (loading) return void (again = true);
  loading = true;
  do {
    again = false;
    const person = memberId.value;
    const answer = await get("/follows").catch(() => null);
    if (answer && person === memberId.value) follows.value = answer;
  } while (again);
  loading = false;
}

function start() {
  leave = live.topics.follow("me", { seq: null, epoch: null, apply, reload: () => load().then(() => ({ seq: null, epoch: null })) });
  load();
}

function apply({ event, data }) {
  if (event !== "follow.changed") return;
  if (loading || !follows.value) return load();
  const { user, following: mine, followed_by: theirs } = data;
  follows.value = { following: amend(follows.value.following, user, mine), followers: amend(follows.value.followers, user, theirs) };
}

const amend = (list, person, isIn) => [...list.filter(({ id }) => id !== person.id), ...(isIn ? [person] : [])];

export const follow = (id) => put(`/follows/${id}`, {});
export const unfollow = (id) => remove(`/follows/${id}`);

effect(() => {
  if (memberId.value) untracked(start);
});

whenLeaving(() => {
  leave?.();
  leave = null;
  follows.value = null;
});
