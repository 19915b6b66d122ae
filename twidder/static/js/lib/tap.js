/**
 * What passes between this page and the server, the newest last, for whoever wants to look: "Show the wire". Secrets are
 * taken out here, before anything is kept.
 */
import { signal } from "@preact/signals-core";

const MOST = 500;
const LONGEST = 16_384;
const SECRET_FIELD = /"((?:\w*(?:token|secret|password)\w*|link|qr|curl))":\s*"(?:[^"\\]|\\.)*"/gi;
const SECRET_IN_LINK = /#[\w-]{16,}/g;

/** { number, at, kind: "in" | "out" | "request", text, size, … }; a frame's `transport`, a request's `method`, `path`, `status`, `sent`, `ms` */
export const passed = [];

/** Grows with each that passes. */
export const count = signal(0);

/** A frame of the live protocol, as it stands on the wire. */
export const frame = (kind, transport, text) => keep({ kind, transport, ...shorten(text) });

/** A request and its answer; `sent` null: without a body. */
export const request = ({ sent, answer, path, ...rest }) =>
  keep({ kind: "request", ...rest, path: mask(path), sent: sent === null ? null : shorten(sent).text, ...shorten(answer) });

export function forget() {
  passed.length = 0;
  count.value += 1;
}

function keep(entry) {
  if (passed.length >= MOST) passed.shift();
  passed.push({ number: count.peek() + 1, at: Date.now(), ...entry });
  count.value += 1;
}

const mask = (text) => text.replace(SECRET_FIELD, '"$1":"•••"').replace(SECRET_IN_LINK, "#•••");
const shorten = (text) => ({ text: mask(text.slice(0, LONGEST)), size: text.length });
