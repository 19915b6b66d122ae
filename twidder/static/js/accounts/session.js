/** Who is signed in. Everything that begins or ends with a session hangs on this module. */
import { batch, computed, signal } from "@preact/signals";
import { clearDrafts } from "../lib/drafts.js";
import { beginEra, get, post, remove, whenSessionEnds } from "../lib/http.js";
import { go, place } from "../lib/router.js";
import { Backoff } from "../live/backoff.js";
import { live } from "../live/socket.js";
import { tellOtherTabs, whenToldSignedIn } from "./tabs.js";

/** Why the server let us go (code of a 401, reason of a bye, bare close code), and the notice that tells it. */
const NOTICES = {
  session_replaced: "replaced",
  replaced: "replaced",
  4500: "replaced",
  signed_out: "signed_out",
  session_expired: "expired",
  expired: "expired",
  password_reset: "password_reset",
  account_closed: "closed",
  closed: "closed",
  4502: "closed",
  pass_ended: "pass_ended",
  pass_expired: "pass_expired",
  4503: "pass_ended",
};

/** "starting" | "in" | "out" */
export const phase = signal("starting");
/** The User; for a guest the Author, with `guest: true`; for whoever came by a PIN the Author, with `student: true`. */
export const user = signal(null);
/** A guest's one room. */
export const guestRoom = signal(null);
/** My id, unless I am a guest or came by a PIN: what only members have begins and ends with it. */
export const memberId = computed(() => (user.value && !user.value.guest && !user.value.student ? user.value.id : null));
export const session = signal(null);
/** While starting: the server did not answer yet, and is asked again. */
export const unreachable = signal(false);
/** Why the welcome view is shown, if there is something to say: { kind, at?, by?, email? } */
export const notice = signal(null);

/** Where a guest may be besides their room. */
const GUESTS = new Set(["board", "public", "sensor"]);
/** What a PIN opens. */
const STUDENTS = new Set(["pairup", "round", "claim"]);

const leaving = new Set();
let afterSignIn = null;

/** `listener(person, kept)` runs before the person is gone; `kept`: what was half-done may be taken up again. */
export const whenLeaving = (listener) => leaving.add(listener);

const backoff = new Backoff();

/** Asks the server who this browser is; tries again until there is an answer. */
export async function resume() {
  try {
    enter(await get("/session"));
    backoff.restore();
  } catch (problem) {
    if (problem.status === 401) return leave(ending(problem.code, problem));
    unreachable.value = true;
    setTimeout(resume, backoff.next());
  }
}

export async function signIn(email, password) {
  enter(await post("/session", { email, password }));
  tellOtherTabs();
}

export async function signOut() {
  await remove("/session").catch((problem) => {
    if (problem.status !== 401) throw problem;
  });
  clearDrafts();
  leave(null, { kept: false });
  go("/");
}

/** "That wasn't me": the next sign-in leads to the new password. */
export function wasNotMe() {
  afterSignIn = "/account#password";
  notice.value = { kind: "not_me", email: notice.value?.email };
}

function leave(why, { kept = true } = {}) {
  if (user.value) leaving.forEach((listener) => listener(user.value, kept));
  live.close();
  beginEra();
  batch(() => {
    notice.value = why && { ...why, email: user.value?.email, guest: user.value?.guest };
    user.value = null;
    session.value = null;
    guestRoom.value = null;
    phase.value = "out";
  });
}

function enter(answer) {
  if (user.value) leave(null);
  beginEra();
  batch(() => {
    notice.value = null;
    user.value = answer.user ?? answer.guest ?? { ...answer.student, student: true };
    session.value = answer.session;
    guestRoom.value = answer.room ?? null;
    phase.value = "in";
  });
  live.open();
  if (user.value.student) return enterAsStudent();
  follow();
  if (user.value.guest) return GUESTS.has(place.value.view) || go(`/rooms/${answer.room}`, { replace: true });
  if (afterSignIn || place.value.path === "/") go(afterSignIn ?? "/home", { replace: true });
  afterSignIn = null;
}

function enterAsStudent() {
  afterSignIn = null;
  if (!STUDENTS.has(place.value.view)) go("/pairup", { replace: true });
}

/** What concerns only me: my own profile, changed in another tab or by another client. */
function follow() {
  live.topics.follow("me", {
    seq: null,
    epoch: null,
    apply: ({ event, data }) => event === "profile.changed" && (user.value = data),
    reload: async () => {
      if (memberId.value) user.value = await get("/me");
      return { seq: null, epoch: null };
    },
  });
}

function ending(code, { at, by }) {
  return NOTICES[code] ? { kind: NOTICES[code], at, by } : null;
}

whenSessionEnds((problem) => phase.value === "in" && leave(ending(problem.code, problem)));

live.dismissed = (bye) => leave(ending(bye.reason in NOTICES ? bye.reason : bye.code, bye), { kept: bye.reason !== "signed_out" });
live.refused = () => get("/session").then(ignore, ignore);
live.greeted = (hello) => {
  if ((hello.user ?? hello.guest ?? hello.student).id !== user.value.id) resume();
  else session.value = hello.session ?? session.value;
};

whenToldSignedIn(() => resume());

function ignore() {}
