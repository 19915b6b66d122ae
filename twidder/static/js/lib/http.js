/** The one way to the server's API: JSON over XMLHttpRequest, errors as `Problem` objects. */

import { request as tapped } from "./tap.js";

const BASE = "/api/v1";
const TIMEOUT = 15_000;

/** Codes of a 401 that say: whoever held this session is signed out. */
const ENDED = new Set([
  "not_signed_in",
  "session_replaced",
  "signed_out",
  "session_expired",
  "password_reset",
  "account_closed",
  "pass_ended",
  "pass_expired",
]);

/** What went wrong, as the server tells it (RFC 9457); `message` may be shown to the person. */
export class Problem extends Error {
  constructor({ detail, title, ...members }) {
    super(detail || title || "The server could not do that. Try again in a moment.");
    Object.assign(this, members);
  }

  get unreachable() {
    return this.status === 0;
  }
}

let era = 0;
let sessionEnded = () => {};

export function whenSessionEnds(listener) {
  sessionEnded = listener;
}

/** Call when somebody signs in or out: answers to older requests say nothing about the new session. */
export function beginEra() {
  era += 1;
}

export const get = (path) => request("GET", path);
export const post = (path, body = {}) => request("POST", path, body);
export const put = (path, body) => request("PUT", path, body);
export const patch = (path, body) => request("PATCH", path, body);
export const remove = (path) => request("DELETE", path);

/** The same for the holder of a link, who is nobody's session: `token` goes in place of the cookie. */
export const withToken = (token) => ({
  get: (path) => request("GET", path, undefined, token),
  post: (path, body = {}) => request("POST", path, body, token),
});

function request(method, path, body, token) {
  const begun = era;
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, BASE + path);
    xhr.timeout = TIMEOUT;
    xhr.setRequestHeader("Accept", "application/json");
    if (body !== undefined) xhr.setRequestHeader("Content-Type", "application/json");
    if (token) xhr.setRequestHeader("Authorization", `Bearer ${token}`);
    const sent = body === undefined ? null : JSON.stringify(body);
    const begunAt = performance.now();
    const tap = () =>
      tapped({ method, path: BASE + path, sent, status: xhr.status, answer: xhr.responseText, ms: Math.round(performance.now() - begunAt) });
    xhr.onload = () => {
      tap();
      const answer = parse(xhr.responseText);
      if (xhr.status < 400) return resolve(answer);
      const problem = new Problem({ ...answer, status: xhr.status });
      if (xhr.status === 401 && !token && ENDED.has(problem.code) && begun === era) sessionEnded(problem);
      reject(problem);
    };
    xhr.onerror = xhr.ontimeout = () => {
      tap();
      reject(new Problem({ status: 0, code: "unreachable", detail: "The server cannot be reached. Try again in a moment." }));
    };
    xhr.send(sent);
  });
}

export function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
