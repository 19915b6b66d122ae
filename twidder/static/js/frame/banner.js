/** One calm line when the live connection has been away for a moment. Nothing while all is well. */
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { html } from "../lib/html.js";
import { clockWithSeconds } from "../lib/time.js";
import { live } from "../live/socket.js";
import { openConnection } from "./connection.js";

const PATIENCE = 1_500;
const isAway = (socket) => ["away", "connecting"].includes(socket.state.value);

/** `socket`: the page's, or another's that it lives by. */
export function Banner({ socket = live }) {
  const [late, setLate] = useState(false);
  const away = isAway(socket);
  useEffect(() => {
    if (!away) return setLate(false);
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [away]);
  return html`<div class="banners" role="status">${away && late && html`<${Line} socket=${socket} />`}</div>`;
}

function Line({ socket }) {
  const seconds = useSeconds();
  const { lastSeen, nextTry } = socket.trouble.value ?? { lastSeen: null, nextTry: null };
  return html`
    <p class="banner">
      <span class="dot dot--warn"></span>
      <span>Not connected.${lastSeen ? ` Last seen ${clockWithSeconds(lastSeen)}.` : ""} <span aria-hidden="true">${plan(nextTry, seconds)}</span></span>
      ${nextTry === Infinity
        ? html`<button class="text-button" type="button" onClick=${() => window.location.reload()}>Reload</button>`
        : html`<button class="text-button" type="button" onClick=${() => socket.tryNow()}>Try now</button>`}
      ${socket === live && html`<button class="text-button" type="button" onClick=${openConnection}>Details</button>`}
    </p>
  `;
}

function plan(nextTry, now) {
  if (nextTry === Infinity) return "Reload the page to connect again.";
  const seconds = nextTry === null ? 0 : Math.ceil((nextTry - now) / 1000);
  return seconds > 0 ? `Trying again in ${seconds} s.` : "Trying now.";
}

const second = signal(Date.now());

function useSeconds() {
  useEffect(() => {
    second.value = Date.now();
    const timer = setInterval(() => (second.value = Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return second.value;
}
