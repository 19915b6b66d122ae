/** Half-written posts, per person and wall. They survive a reload, and go when the person signs out. */

const PREFIX = "twidder.draft.";
const key = (person, wall) => `${PREFIX}${person}.${wall}`;

export const readDraft = (person, wall) => localStorage.getItem(key(person, wall)) ?? "";

export function writeDraft(person, wall, text) {
  if (text) localStorage.setItem(key(person, wall), text);
  else localStorage.removeItem(key(person, wall));
}

export function clearDrafts() {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(PREFIX)) localStorage.removeItem(name);
  }
}
