/** Addresses and views. `place` always says what the address bar says. */
import { signal } from "@preact/signals";
import { takeSecret } from "./secret.js";

const ROUTES = [
  ["home", /^\/(?:static\/client\.html)?$/],
  ["home", /^\/home$/],
  ["browse", /^\/browse$/],
  ["person", /^\/people\/([1-9]\d*)$/],
  ["rooms", /^\/rooms$/],
  ["room", /^\/rooms\/([1-9]\d*)$/],
  ["dm", /^\/dm\/([1-9]\d*)$/],
  ["inbox", /^\/inbox$/],
  ["following", /^\/following$/],
  ["search", /^\/search$/],
  ["moderation", /^\/moderation$/],
  ["account", /^\/account$/],
  ["settings", /^\/settings$/],
  ["reset", /^\/reset$/],
  ["join", /^\/join$/],
  ["setup", /^\/setup$/],
  ["guest", /^\/guest$/],
  ["boards", /^\/boards$/],
  ["board", /^\/boards\/([a-z0-9][a-z0-9-]{0,47})$/],
  ["public", /^\/board$/],
  ["sensor", /^\/sensor$/],
  ["wire", /^\/wire$/],
  ["pairup", /^\/pairup$/],
  ["round", /^\/pairup\/([1-9]\d*)$/],
  ["claim", /^\/claim$/],
];

export const place = signal(read());

/** Moves to a path; `replace` does so without leaving a step in the history. */
export function go(path, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", path);
  place.value = read();
  if (!replace) window.scrollTo(0, 0);
}

function read() {
  takeSecret();
  const { pathname, search, hash } = window.location;
  for (const [view, pattern] of ROUTES) {
    const found = pattern.exec(pathname);
    if (found) return { view, path: pathname, id: Number(found[1]) || found[1] || null, query: new URLSearchParams(search), hash };
  }
  return { view: "nowhere", path: pathname, id: null, query: new URLSearchParams(), hash };
}

window.addEventListener("popstate", () => {
  place.value = read();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.target || link.origin !== window.location.origin) return;
  if (!ROUTES.some(([, pattern]) => pattern.test(link.pathname))) return;
  event.preventDefault();
  go(link.pathname + link.search + link.hash);
});
