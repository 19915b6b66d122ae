/** Keys that work everywhere: Esc closes the top thing, / searches. */
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { phase } from "../accounts/session.js";
import { go, place } from "../lib/router.js";

const closers = [];
/** Raised by `/`; the search field takes it down when it has the focus. */
export const searchWanted = signal(false);

/** While the component is shown, Esc calls `close` — unless something opened later takes it first. */
export function useEscape(close) {
  useEffect(() => {
    closers.push(close);
    return () => closers.splice(closers.indexOf(close), 1);
  }, []);
}

const isTyping = ({ target }) => target.matches("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && closers.length) {
    closers.at(-1)();
    event.preventDefault();
  }
  if (event.key === "/" && phase.value === "in" && !isTyping(event) && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    searchWanted.value = true;
    if (place.value.view !== "browse") go("/browse");
  }
});
