/** Numbers as a board shows them: as fine as they are worth reading, unless the tile says how fine. */
import { number } from "../lib/text.js";

const formats = new Map();

function format(digits, least = 0) {
  const name = `${least}-${digits}`;
  if (!formats.has(name)) formats.set(name, new Intl.NumberFormat("en-GB", { minimumFractionDigits: least, maximumFractionDigits: digits }));
  return formats.get(name);
}

const SMALL = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });
const POWERS = new Intl.NumberFormat("en-GB", { notation: "scientific", maximumSignificantDigits: 4 });

/** 1234567 → "1,234,567", 21.456 → "21.46", 0.00123 → "0.00123", 1.2e30 → "1.2E30" */
export function figure(value, decimals) {
  const size = Math.abs(value);
  if (decimals !== undefined && decimals !== null) return format(decimals, decimals).format(value);
  if (Number.isInteger(value) && size < 1e12) return number(value);
  if (size >= 1e12 || (size < 1e-6 && size > 0)) return POWERS.format(value);
  if (size < 1) return SMALL.format(value);
  return format(size >= 10_000 ? 0 : size >= 100 ? 1 : 2).format(value);
}

/** A value of any type in words. */
export function words({ type, value }, decimals) {
  if (type === "number") return figure(value, decimals);
  return type === "flag" ? (value ? "Yes" : "No") : value;
}

/** "good" | "warn" | "bad" by the tile's thresholds, null without. When `bad` is the lesser of the two, less is worse. */
export function levelOf({ warn, bad }, value) {
  if (warn === undefined && bad === undefined) return null;
  const lessIsWorse = warn !== undefined && bad !== undefined && bad < warn;
  const reached = (limit) => limit !== undefined && (lessIsWorse ? value <= limit : value >= limit);
  if (reached(bad)) return "bad";
  return reached(warn) ? "warn" : "good";
}
