/** How this page is connected: one line at the rail's foot when something is not as it should be, and all of it in a dialog. */
import { useEffect, useState } from "preact/hooks";
import { html } from "../lib/html.js";
import { clockWithSeconds } from "../lib/time.js";
import { reachable } from "../live/reachable.js";
import { live } from "../live/socket.js";
import { close, Dialog, open } from "./dialog.js";
import { Icon } from "./icon.js";

const WAYS = {
  websocket: ["WebSocket", "Both sides speak whenever they have something to say."],
  events: ["Server-sent events", "Something on the way blocks WebSockets. The server speaks over one long answer; what this page has to say goes by requests."],
  polls: ["Asking again and again", "Something on the way blocks WebSockets and long answers. Each question is answered with the first news."],
};
const STATES = { off: "Not connected", connecting: "Connecting", live: "Connected", away: "Not connected" };
const MEASURED_EACH = 5_000;

export const openConnection = () => open(Connection);

const isFine = () => live.state.value === "off" || (live.state.value === "live" && live.transport.value === "websocket");

/** Nothing while all is well. */
export function ConnectionState() {
  if (isFine()) return null;
  const words = live.state.value === "live" ? WAYS[live.transport.value][0] : STATES[live.state.value];
  return html`<button class="rail__item rail__connection" type="button" onClick=${openConnection}><span class="dot dot--warn"></span><span>${words}</span></button>`;
}

export const ConnectionParts = () => html`
  <div class="connection__ways">
    <button class="button" type="button" onClick=${openConnection}><${Icon} name="activity" size=${16} />Connection</button>
    <a class="button" href="/wire"><${Icon} name="terminal" size=${16} />Show the wire</a>
  </div>
`;

function Connection() {
  useEachSecond();
  const roundTrip = useRoundTrip();
  const isLive = live.state.value === "live";
  const [way, why] = WAYS[live.transport.value];
  return html`
    <${Dialog} title="Connection">
      <dl class="connection">
        <dt>State</dt><dd><span class="dot ${isLive ? "dot--good" : "dot--warn"}"></span>${STATES[live.state.value]}${isLive && ` since ${clockWithSeconds(live.since.value)}`}</dd>
        <dt>Way</dt><dd>${way}<span class="aside">${why}</span></dd>
        <dt>Last seen</dt><dd>${live.lastSeen ? clockWithSeconds(live.lastSeen) : "Not yet"}</dd>
        <dt>Round trip</dt><dd aria-live="off">${roundTrip === null ? "…" : roundTrip ? `${roundTrip} ms` : "No answer"}</dd>
      </dl>
      <${Topics} />
      <div class="connection__ways">
        ${isLive && live.transport.value !== "websocket" && html`
          <button class="button" type="button" disabled=${live.probing.value} onClick=${() => live.tryWebSocket()}>${live.probing.value ? "Trying" : "Try WebSocket again"}</button>
        `}
        ${!isLive && html`<button class="button" type="button" onClick=${() => live.tryNow()}>Try now</button>`}
        <a class="button" href="/wire" onClick=${close}>Show the wire</a>
      </div>
    <//>
  `;
}

function Topics() {
  live.known.changes.value;
  const topics = [...live.known.seqs];
  if (!topics.length) return html`<p class="aside">No topics are followed just now.</p>`;
  return html`
    <details class="connection__topics">
      <summary>${topics.length === 1 ? "One topic" : `${topics.length} topics`}</summary>
      <ul>${topics.map(([name, seq]) => html`<li key=${name}><code>${name}</code><span>${seq === null ? "being fetched" : `complete to #${seq}`}</span></li>`)}</ul>
    </details>
  `;
}

function useEachSecond() {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((number) => number + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
}

/** ms of a small request; 0 = no answer, null = not known yet */
function useRoundTrip() {
  const [ms, setMs] = useState(null);
  useEffect(() => {
    const measure = () => reachable().then(setMs);
    measure();
    const timer = setInterval(measure, MEASURED_EACH);
    return () => clearInterval(timer);
  }, []);
  return ms;
}
