/** Who waits in a lab, in the order of their turns, and how long that takes. Pure. */

import { ordinal } from "../lib/text.js";

export const KINDS = { ready: "Ready to show", help: "Need help" };

const inLab = (calls, lab) => [...calls.values()].filter((call) => call.lab === lab).sort((a, b) => a.turn - b.turn || a.id - b.id);

/** `calls`: Map of all in the round → [Call]: not called yet */
export const waitingIn = (calls, lab) => inLab(calls, lab).filter(({ called_at: at }) => at === null);
export const calledIn = (calls, lab) => inLab(calls, lab).filter(({ called_at: at }) => at !== null);

export const turnWords = (place) => (place === 1 ? "next" : ordinal(place));

/** "about 12 min", for so many before one. */
export function waitWords(before, seconds) {
  if (!before) return "any moment now";
  return `about ${Math.max(1, Math.round((before * seconds) / 60))} min`;
}
