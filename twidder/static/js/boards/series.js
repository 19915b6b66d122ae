/** Which series a tile shows, and what they are called on it. */
import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";

/** Not the one of a number: "v1.5 beta" of `v1.5_beta`. */
const BETWEEN_WORDS = /(?<=[^._])[._]+(?=[^\d._])|(?<=[^\d._])[._]+(?=\d)/gu;
const isPattern = (name) => name.endsWith("*");

/** Keys of `there` that `names` (keys, or beginnings with a star) mean, each once, in the order of the names. */
export function resolve(names, there) {
  const found = new Set();
  for (const name of names) {
    if (!isPattern(name)) found.add(name);
    else for (const key of there) if (key.startsWith(name.slice(0, -1))) found.add(key);
  }
  return [...found];
}

/** Keys that no tile shows. */
export function untold(tiles, there) {
  const shown = new Set(tiles.flatMap(({ series = [] }) => resolve(series, there)));
  return there.filter((key) => !shown.has(key));
}

/** "ada" of `score.ada`, where the tile shows `score.*`; otherwise the key as one says it: "people online" of `people.online`. */
export function labelOf({ series = [] }, key) {
  const pattern = series.find((name) => isPattern(name) && name.length > 1 && key.startsWith(name.slice(0, -1)));
  return ((pattern && key.slice(pattern.length - 1)) || key).replace(BETWEEN_WORDS, " ");
}

export const titleOf = (tile) => tile.title || (tile.kind === "poll" && tile.text) || (tile.series ?? []).map((name) => name.replace(/[./-]?\*$/, "")).join(", ");

/** The keys of a tile that are there; the tile is drawn anew when they change, not when their values do. */
export function useKeys(board, { series = [] }) {
  const names = series.join("\n");
  const found = useMemo(() => computed(() => resolve(series, [...board.values.value.keys()]).filter((key) => board.values.value.has(key)).join("\n")), [board, names]);
  return found.value ? found.value.split("\n") : [];
}

/** key → Value, of those that are there; the tile is drawn anew when one of them changes. */
export function useValues(board, keys) {
  const all = useMemo(() => computed(keepSame((before) => same(before, keys.map((key) => board.values.value.get(key))))), [board, keys.join("\n")]);
  return keys.map((key, index) => [key, all.value[index]]).filter(([, value]) => value);
}

function keepSame(next) {
  let before = [];
  return () => (before = next(before));
}

const same = (before, now) => (before.length === now.length && now.every((one, index) => one === before[index]) ? before : now);
