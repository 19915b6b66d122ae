/** Show the wire: the frames and requests of this page as they pass, so that one can see how a live page works. */
import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { whenLeaving } from "../accounts/session.js";
import { html } from "../lib/html.js";
import { count, forget, passed } from "../lib/tap.js";
import { clockWithSeconds } from "../lib/time.js";
import { Icon } from "./icon.js";
import { Page } from "./page.js";
import { Empty } from "./states.js";
import { asCurl, meaningOf } from "./wire-words.js";

/** The next person at this browser does not read what the last one said. */
whenLeaving(() => forget());

const REDRAWN = 200;
const BY = { websocket: "It came over a WebSocket.", events: "It came as a server-sent event.", polls: "It came with the answer to a poll." };
const ARROWS = { in: ["↓", "received"], out: ["↑", "sent"], request: ["⇅", "request"] };

export function Wire() {
  const [paused, setPaused] = useState(false);
  const [filter, setFilter] = useState({ type: "", topic: "" });
  const entries = usePassed(paused).map(described);
  const shown = entries.filter(({ type, topics }) => (!filter.type || type === filter.type) && (!filter.topic || topics.includes(filter.topic)));
  const clear = () => (forget(), setPaused(false));
  return html`
    <${Page} view="wire" title="The wire" note="What passes between this page and the server" back="/account">
      <div class="wire__tools" role="group" aria-label="What is shown">
        <${Choice} label="Kind" all="All kinds" values=${distinct(entries.map(({ type }) => type))} value=${filter.type} choose=${(type) => setFilter({ ...filter, type })} />
        <${Choice} label="Topic" all="All topics" values=${distinct(entries.flatMap(({ topics }) => topics))} value=${filter.topic} choose=${(topic) => setFilter({ ...filter, topic })} />
        <button class="button" type="button" aria-pressed=${paused} onClick=${() => setPaused(!paused)}>${paused ? "Go on" : "Pause"}</button>
        <button class="button" type="button" onClick=${clear}>Clear</button>
        <span class="aside">${shown.length === entries.length ? entries.length : `${shown.length} of ${entries.length}`}${paused ? ", paused" : ""}</span>
      </div>
      <p class="aside">The newest on top; the last 500 are kept, in this page alone. Tokens, passwords and links are taken out.</p>
      ${shown.length
        ? html`<ol class="wire card" aria-label="Frames and requests">${shown.map((entry) => html`<${Line} key=${entry.number} entry=${entry} />`)}</ol>`
        : html`<${Empty}>Nothing has passed yet. Do something in another room, or wait for a heartbeat.<//>`}
    <//>
  `;
}

const Choice = ({ label, all, values, value, choose }) => html`
  <select aria-label=${label} value=${value} onChange=${({ target }) => choose(target.value)}>
    <option value="">${all}</option>
    ${values.map((one) => html`<option key=${one} value=${one}>${one}</option>`)}
  </select>
`;

function Line({ entry }) {
  const [open, setOpen] = useState(false);
  const { kind, type, topics, seq, status, path, size, at, ms } = entry;
  const [arrow, word] = ARROWS[kind];
  return html`
    <li>
      <details open=${open} onToggle=${({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <time>${clockWithSeconds(at)}</time>
          <span class="wire__way" data-kind=${kind}><span aria-hidden="true">${arrow}</span><span class="visually-hidden">${word}</span></span>
          <strong>${type}</strong>
          <span class="wire__what">${kind === "request" ? path : topics.join(", ")}</span>
          <span class="wire__number">${kind === "request" ? `${status || "no answer"} · ${ms} ms` : seq === undefined ? `${size} B` : `#${seq}`}</span>
        </summary>
        ${open && html`<${Inside} entry=${entry} />`}
      </details>
    </li>
  `;
}

const Inside = ({ entry }) => html`
  <div class="wire__inside">
    <p class="aside">${meaningOf(entry)} ${entry.kind === "in" && BY[entry.transport]}</p>
    ${entry.sent && html`<${Json} label="Sent" text=${entry.sent} />`}
    ${entry.text && html`<${Json} label=${entry.kind === "request" ? "Answer" : "Frame"} text=${entry.text} size=${entry.size} />`}
    ${entry.kind === "request" && navigator.clipboard && html`<${CopyCurl} entry=${entry} />`}
  </div>
`;

const Json = ({ label, text, size = 0 }) => html`
  <pre tabindex="0" role="region" aria-label=${label}>${pretty(text)}${size > text.length + 200 ? `\n… ${size} characters in all` : ""}</pre>
`;

function CopyCurl({ entry }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(asCurl(entry, window.location.origin));
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return html`<button class="button" type="button" onClick=${copy}><${Icon} name=${copied ? "check" : "copy"} size=${16} /><span aria-live="polite">${copied ? "Copied" : "Copy as curl"}</span></button>`;
}

/** The newest first; drawn a few times a second, however much passes. */
function usePassed(paused) {
  const [entries, setEntries] = useState(() => [...passed].reverse());
  useEffect(() => {
    if (paused) return undefined;
    let timer = null;
    const draw = () => {
      timer = null;
      setEntries([...passed].reverse());
    };
    const stop = effect(() => {
      count.value;
      timer ??= setTimeout(draw, REDRAWN);
    });
    return () => (stop(), clearTimeout(timer));
  }, [paused]);
  return entries;
}

const known = new WeakMap();

/** With what can be read off its text: `type`, `topics`, `seq`. */
function described(entry) {
  if (!known.has(entry)) known.set(entry, { ...entry, ...(entry.kind === "request" ? { type: entry.method, topics: [] } : read(entry.text)) });
  return known.get(entry);
}

function read(text) {
  const frame = parsed(text) ?? {};
  const topics = frame.topic ? [frame.topic] : Array.isArray(frame.topics) ? frame.topics : Object.keys(frame.topics ?? frame.heads ?? {});
  return { type: frame.type ?? /^\{"type":"(\w+)"/.exec(text)?.[1] ?? "?", topics, seq: frame.seq };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const pretty = (text) => (parsed(text) === null ? text : JSON.stringify(parsed(text), null, 2));
const distinct = (values) => [...new Set(values)].sort();
