/** The acts of the audit in words. One that is not known here is told by its own name. */
import { dayAndClock } from "../lib/time.js";
import { studentName } from "./roster-names.js";

/** By what the audit calls them, dots as underscores. A colon at the end goes where nothing follows. */
const WORDS = {
  round_created: "made the round",
  round_changed: "changed the settings:",
  round_deleted: "deleted the round",
  roster_imported: "imported the roster:",
  entry_removed: "took off the roster:",
  codes_made: "made codes for",
  claimed: "came in:",
  registered: "came in with a PIN:",
  taken_over: "came in with an account:",
  freed: "released the claim of",
  pin_reset: "reset the PIN of",
  student_changed: "changed a student:",
  lab_made: "made a lab:",
  lab_changed: "changed a lab:",
  lab_deleted: "deleted a lab:",
  labs_imported: "imported labs:",
  place_deleted: "deleted a place:",
  place_kept: "kept back",
  place_given_free: "gave free",
  looking: "looks for a partner:",
  looking_ended: "looks for a partner no more:",
  invited: "invited",
  invitation_ended: "ended the invitation of",
  team_made: "made a team:",
  team_joined: "joined a team:",
  team_left: "left a team:",
  team_changed: "changed the project:",
  team_dissolved: "dissolved a team:",
  team_locked: "locked",
  team_unlocked: "unlocked",
  team_messaged: "wrote to",
  rest_paired: "paired the rest:",
  book: "booked",
  hold: "held",
  confirm: "confirmed",
  free: "freed",
  give_back: "gave back",
  drop: "let go of",
  expire: "a hold ran out:",
  promote: "gave from the waiting list:",
  wait: "waits for",
  stop_waiting: "waits no more for",
  offer_swap: "offered a swap:",
  end_swap: "ended an offer to swap",
  swap: "swapped",
  rank: "ranked",
  close_for_draw: "closed the round for the draw",
  draw: "drew the places:",
  call_made: "joined the queue:",
  call_withdrawn: "left the queue:",
  call_called: "called",
  call_done: "is done with",
  call_missed: "called and did not find",
};

/** Numbers that mean nothing to a reader. */
const SILENT = new Set(["fence", "invitation", "swap", "by", "call"]);

/** `line`: { act, data } · `model`, `entries`: what is known of its places, teams, labs and students by now */
export function inWords({ act, data, by }, model, entries) {
  const words = WORDS[act.replaceAll(".", "_")] ?? `${act.replaceAll(/[._]/g, " ")}:`;
  const details = Object.entries(data).flatMap(([key, value]) => (SILENT.has(key) || (key === "name" && "lab" in data) ? [] : [detail(key, value, model, entries)]));
  const rest = details.filter((one) => one && one !== by).join(", ");
  return rest ? `${words} ${rest}` : words.replace(/:$/, "");
}

function detail(key, value, model, entries) {
  if (Array.isArray(value)) return value.map((one) => detail(SINGULAR[key] ?? key, one, model, entries)).join(", ");
  if (value === null) return `no ${key.replaceAll("_", " ")}`;
  if (NAMED[key]) return NAMED[key](value, model, entries);
  if (typeof value === "object") return `${key} ${JSON.stringify(value)}`;
  return MOMENTS.has(key) ? `${key.replaceAll("_", " ")} ${dayAndClock(value)}` : `${key.replaceAll("_", " ")} ${value}`;
}

const SINGULAR = { entries: "entry", left: "entry", made: "team", grown: "team", teams: "team", places: "place", labs: "lab" };
const MOMENTS = new Set(["opens_at", "closes_at", "at"]);

const placeWords = (id, model) => {
  const place = model.places.value.get(id);
  return place ? `${dayAndClock(place.starts_at)} in ${labWords(place.lab, model)}` : `place ${id}`;
};
const labWords = (id, model) => (typeof id === "string" ? id : model.labs.value.find((lab) => lab.id === id)?.name ?? `lab ${id}`);

const NAMED = {
  place: placeWords,
  gives: placeWords,
  wants: placeWords,
  gave: placeWords,
  got: placeWords,
  lab: labWords,
  team: (id, model) => model.teams.value.get(id)?.label ?? `team ${id}`,
  entry: (id, _, entries) => {
    const entry = entries.find((one) => one.id === id);
    return entry ? studentName(entry) : `student ${id}`;
  },
  text: (text) => `“${text}”`,
  name: (name) => `“${name}”`,
};
