/** Small things about words. */

const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}']/g;
const NUMBER = new Intl.NumberFormat("en-GB");

export const number = (value) => NUMBER.format(value);
export const plural = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;
/** A guest has one name only. */
export const fullName = (person) => `${person.firstname} ${person.familyname}`.trim();
export const place = ({ city, country }) => [city, country].filter(Boolean).join(", ");

export function initials(person) {
  return [person.firstname, person.familyname].map((name) => [...name.trim()][0] ?? "").join("").toUpperCase();
}

const SUFFIXES = { one: "st", two: "nd", few: "rd", other: "th" };
const ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });

/** "1st", "2nd", "11th" */
export const ordinal = (place) => `${place}${SUFFIXES[ORDINALS.select(place)]}`;

/** Code points, as the server counts them. */
export const length = (text) => [...text].length;

/** Splits a text into plain pieces and web addresses: [{ text, href? }]. */
export function pieces(text) {
  const found = [];
  let from = 0;
  for (const { 0: href, index } of text.matchAll(LINK)) {
    if (index > from) found.push({ text: text.slice(from, index) });
    found.push({ text: href, href });
    from = index + href.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}

/** A fresh id that only this client can have made. `crypto.randomUUID` is missing on plain http. */
export function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** "812 B", "14 KB", "3.2 MB". */
export function bytes(size) {
  if (size < 1_000) return `${size} B`;
  if (size < 1_000_000) return `${Math.round(size / 1_000)} KB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}
