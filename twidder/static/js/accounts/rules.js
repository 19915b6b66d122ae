/** What the forms accept, in words. The server has the last word; these save the way to it. */
import { length } from "../lib/text.js";

const EMAIL = /^[^\s@]+@[^\s@]+$/;
const NAME_LIMIT = 64;
const PASSWORD = { least: 8, most: 1024 };
export const GENDERS = ["Female", "Male", "Other", "Rather not say"];

const MISSING = {
  email: "Write your e-mail address.",
  firstname: "Write your first name.",
  familyname: "Write your family name.",
  gender: "Choose one. “Rather not say” is fine.",
  city: "Write your city.",
  country: "Write your country.",
};

/** Checks each named field that may not be empty and has at most 64 characters. */
function checkNames(values, names) {
  const wrong = {};
  for (const name of names) {
    if (!values[name].trim()) wrong[name] = MISSING[name];
    else if (length(values[name].trim()) > NAME_LIMIT) wrong[name] = `At most ${NAME_LIMIT} characters.`;
  }
  return wrong;
}

export const PROFILE = ["firstname", "familyname", "gender", "city", "country"];
export const checkProfile = (values) => checkNames(values, PROFILE);

export function checkEmail(email) {
  if (!email.trim()) return { email: MISSING.email };
  return EMAIL.test(email.trim()) ? {} : { email: "That is not an e-mail address, such as ada@example.org." };
}

export function checkNewPassword(password, repeated, names = ["password", "repeat"]) {
  const [first, second] = names;
  if (length(password) < PASSWORD.least) {
    return { [first]: `At least ${PASSWORD.least} characters.`, ...(!repeated && { [second]: "Write the password again." }) };
  }
  if (length(password) > PASSWORD.most) return { [first]: "At most 1,024 characters." };
  return password === repeated ? {} : { [second]: "The two passwords are not the same." };
}

/** A hint, not a gate: 0 nothing, 1 too short, 2 fair, 3 good, 4 strong. */
export function strength(password) {
  const size = length(password);
  if (!size) return 0;
  if (size < PASSWORD.least) return 1;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length;
  const varied = new Set(password).size > 5;
  if (!varied) return 2;
  return Math.min(4, 2 + (size >= 12) + (size >= 16 || kinds >= 3));
}

export const trimmed = (values, names) => Object.fromEntries(names.map((name) => [name, values[name].trim()]));
