/** The recent past of one number as a small line, behind nothing and beside nothing: its figure says how much. */
import { useEffect, useState } from "preact/hooks";
import { html } from "../lib/html.js";
import { second } from "./fresh.js";
import { usePast } from "./past.js";

const [WIDTH, HEIGHT] = [240, 48];
const POINTS = 120;
/** A window of an hour moves by a pixel each quarter of a minute: no use in drawing it more often, unless a value came. */
const STEPS = WIDTH;
/** ms: a series that has just begun fills the line, but for its very first values. */
const LEAST = 10_000;

export function Sparkline({ board, name, seconds }) {
  const past = usePast(board, [name], seconds, POINTS);
  return html`<div class="sparkline" aria-hidden="true">${past && html`<${Line} past=${past} name=${name} seconds=${seconds} />`}</div>`;
}

function Line({ past, name, seconds }) {
  const time = useSteps((seconds * 1000) / STEPS);
  past.changed.value;
  const track = past.tracks.get(name);
  if (!track?.mean || track.size < 2) return null;
  const now = Math.max(time, track.at.at(-1));
  const from = Math.max(now - seconds * 1000, Math.min(track.at[0], now - LEAST));
  const line = path(track, from, now);
  const first = Math.max(0, x(track.at[0], from, now));
  return html`
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">
      <path class="sparkline__area" d="${line}L${WIDTH} ${HEIGHT}L${first.toFixed(1)} ${HEIGHT}Z" />
      <path class="sparkline__line" d=${line} vector-effect="non-scaling-stroke" />
    </svg>
  `;
}

const x = (at, from, to) => ((at - from) / (to - from)) * WIDTH;

function path({ at, mean }, from, to) {
  const [low, high] = [Math.min(...mean), Math.max(...mean)];
  const spread = high - low;
  const y = (value) => (spread ? HEIGHT - 3 - ((value - low) / spread) * (HEIGHT - 6) : HEIGHT / 2);
  const points = at.map((one, index) => `${Math.max(0, x(one, from, to)).toFixed(1)} ${y(mean[index]).toFixed(1)}`);
  return `M${points.join("L")}L${WIDTH} ${y(mean.at(-1)).toFixed(1)}`;
}

/** The time, in steps of so many ms. */
function useSteps(step) {
  const [now, setNow] = useState(second.peek());
  useEffect(() => second.subscribe((time) => setNow((old) => (Math.abs(time - old) >= step ? time : old))), [step]);
  return now;
}
