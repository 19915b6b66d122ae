/** Keys that work everywhere: Esc closes the top thing, / searches, Ctrl/⌘ K finds anything, Alt ↑ ↓ goes through the rooms. */
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { memberId, phase } from "../accounts/session.js";
import { go, place } from "../lib/router.js";

const closers = [];
const keys = [];
/** Raised by `/`; the search field takes it down when it has the focus. */
export const searchWanted = signal(false);

/** While the component is shown, Esc calls `close` — unless something opened later takes it first; `last`: after all others. */
export function useEscape(close, { last = false } = {}) {
  useEffect(() => {
    if (last) closers.unshift(close);
    else closers.push(close);
    return () => closers.splice(closers.indexOf(close), 1);
  }, []);
}

/** A key of members, everywhere: `matches(event)`, then `run(event)`. */
export const onKey = (matches, run) => keys.push({ matches, run });

const isTyping = ({ target }) => target.matches("input, textarea, select, [contenteditable]");
const isMember = () => phase.value === "in" && memberId.value !== null;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && closers.length) {
    closers.at(-1)();
    event.preventDefault();
  }
  const key = isMember() && keys.find(({ matches }) => matches(event));
  if (!key) return;
  event.preventDefault();
  key.run(event);
});

onKey(
  (event) => event.key === "/" && !isTyping(event) && !event.ctrlKey && !event.metaKey && !event.altKey,
  () => {
    searchWanted.value = true;
    if (place.value.view !== "search") go("/search");
  },
);
