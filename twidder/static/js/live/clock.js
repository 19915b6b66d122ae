/** The server's time, as its frames tell it: how old a value is does not depend on how wrong the clock here goes. */

let ahead = 0;

export function heardTime(now) {
  ahead = now - Date.now();
}

/** ms since the epoch */
export const serverNow = () => Date.now() + ahead;
