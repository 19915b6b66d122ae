/** How old a value is, at the foot of its tile; ticks each second on the server's clock. While the server is away nobody knows. */
import { signal } from "@preact/signals";
import { html } from "../lib/html.js";
import { ago, clockWithSeconds, full, since } from "../lib/time.js";
import { serverNow } from "../live/clock.js";

const MINUTE = 60_000;
const JUST_NOW = 2_000;
const WORSE = { silent: 3, late: 2, fresh: 1 };
const DOTS = { fresh: "dot--good", late: "dot--warn", silent: "" };

let timer = null;
const tick = () => document.hidden || (second.value = serverNow());

/** The server's time; ticks while somebody looks at it. */
export const second = signal(serverNow(), {
  watched() {
    tick();
    timer = setInterval(tick, 1_000);
  },
  unwatched() {
    clearInterval(timer);
  },
});
document.addEventListener("visibilitychange", tick);

/** `values`: [[label, Value]]; of several, the one that is worst off speaks, else the newest. */
export function Fresh({ values, isLive }) {
  if (!values.length) return html`<p class="fresh">No value yet</p>`;
  const [label, value] = values.reduce((one, other) => (isWorse(other[1], one[1]) ? other : one));
  const { seen, freshness } = value;
  const isNamed = values.length > 1 && (freshness === "late" || freshness === "silent");
  return html`
    <p class="fresh" data-freshness=${isLive ? (freshness ?? "none") : "unknown"} title=${full(seen)}>
      ${freshness && html`<span class="dot ${isLive ? DOTS[freshness] : ""}" aria-hidden="true"></span>`}
      <span>${isNamed && isLive ? `${label} ` : ""}${isLive ? html`<${Age} value=${value} />` : `last at ${clockWithSeconds(seen)}`}</span>
    </p>
  `;
}

const isWorse = (a, b) => {
  const [one, other] = [WORSE[a.freshness] ?? 0, WORSE[b.freshness] ?? 0];
  if (Math.max(one, other) < 2) return a.seen > b.seen;
  return one > other || (one === other && a.seen < b.seen);
};

/** Alone ticks, so that a tile is not drawn anew each second. */
function Age({ value: { seen, every, freshness } }) {
  if (freshness === "silent") return `silent since ${since(seen)}`;
  if (freshness === "late") return `late, expected every ${pace(every)}`;
  const age = second.value - seen;
  if (age < JUST_NOW) return "updated just now";
  return age < MINUTE ? `updated ${Math.floor(age / 1000)} s ago` : `updated ${ago(seen, second.value)}`;
}

/** "5 s", "10 min", "2 h" */
export function pace(every) {
  if (every < 2 * MINUTE) return `${every / 1000} s`;
  return every < 120 * MINUTE ? `${Math.round(every / MINUTE)} min` : `${Math.round(every / (60 * MINUTE))} h`;
}
