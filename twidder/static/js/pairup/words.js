/** What has happened to me in a round, in words. */
import { clock } from "../lib/time.js";
import { longDay } from "./clock.js";

/** "Monday 20 May 13:30, SU17" */
export function placeWords(place, labs) {
  const lab = labs.find(({ id }) => id === place.lab);
  return `${longDay(place.starts_at)} ${clock(place.starts_at)}${lab ? `, ${lab.name}` : ""}`;
}

/** Why a place of my team is free. */
const WHY = {
  given_back: ": your team gave it back",
  declined: ": a partner declined it",
  expired: ": nobody confirmed it in time",
  staff: ": the staff took it",
  left: ": your team is not complete any more",
  dissolved: ": your team is dissolved",
};

const WORDS = {
  invited: ({ by, text }) => `${name(by)} would like to be in a team with you${text ? `: “${text}”` : ""}`,
  joined: ({ by }) => (by ? `You and ${name(by)} are a team` : "You are in a team"),
  left: ({ by }) => `${name(by)} left your team`,
  dissolved: ({ by }) => `${name(by)} dissolved your team`,
  hold: (data, at, { isHeld = () => true }) => (isHeld(data) ? `${name(data.by)} holds ${at(data.place)} for your team. Please confirm` : `${name(data.by)} held ${at(data.place)} for your team`),
  booked: ({ place }, at) => `${at(place)} is yours`,
  removed: ({ by }) => `${name(by)} took you out of your team`,
  freed: ({ place, why }, at) => `${at(place)} is free again${WHY[why] ?? ""}`,
  promoted: ({ place }, at) => `Your turn on the list: ${at(place)} is yours`,
  swap_offered: () => "A team would like to swap its place for yours",
  swapped: ({ gave, got }, at) => `Swapped: you have ${at(got)}, no longer ${at(gave)}`,
  called: () => "It is your turn",
  message: ({ text, by }) => (by ? `${name(by)}: ${text}` : text),
  moved: ({ place, by }, at) => (idOf(place) === null ? `${name(by)} took your place away` : `${name(by)} moved you to ${at(place)}`),
  paired: ({ team }, at, { own }) => (own?.id === team && own.others ? `You were paired with ${own.others}` : "The staff put you into a team"),
  drawn: ({ place }, at) => (idOf(place) === null ? "The draw is done. There was no place for you" : `The draw is done: you have ${at(place)}`),
};

const name = (by) => (typeof by === "string" ? by : (by?.name ?? "Somebody"));
const idOf = (place) => (typeof place === "object" ? (place?.id ?? null) : (place ?? null));

/**
 * `known`, as far as it is: `places`: Map by id; `labs`: [Lab]; `own`: { id, others } of my team; `isHeld(data)`: whether a
 * hold lasts. `short`: for a line that is read in passing.
 */
export function noticeWords({ kind, data }, known = {}) {
  const { places = new Map(), labs = [], short = false } = known;
  const at = (place) => {
    const found = places.get(idOf(place)) ?? (place?.starts_at ? place : null);
    if (!found) return "a place";
    return short ? clock(found.starts_at) : placeWords(found, labs);
  };
  return (WORDS[kind] ?? (() => "Something has changed"))(data, at, known);
}
