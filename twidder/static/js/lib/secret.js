/** The secret of a one-time link. It lives in memory only, and leaves the address before anything is drawn. */

const PATHS = new Set(["/reset", "/join", "/setup", "/guest", "/board", "/sensor", "/claim"]);

let secret = null;

export function takeSecret() {
  const { pathname, hash } = window.location;
  if (!PATHS.has(pathname) || hash.length < 2) return;
  secret = hash.slice(1);
  history.replaceState(null, "", pathname);
}

export const heldSecret = () => secret;

export function forgetSecret() {
  secret = null;
}
