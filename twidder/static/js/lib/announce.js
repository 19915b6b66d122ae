/** What arrives by itself, said once to those who listen instead of look. */
import { signal } from "@preact/signals";

/** The number makes the same words, said again, a new thing to say. */
export const announcement = signal({ text: "", number: 0 });

export function announce(text) {
  announcement.value = { text, number: announcement.value.number + 1 };
}
