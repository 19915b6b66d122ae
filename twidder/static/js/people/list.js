/** The first people of this place, by name: a hint beside Home, and how Home knows that one is alone. */
import { signal } from "@preact/signals";
import { whenLeaving } from "../accounts/session.js";
import { get } from "../lib/http.js";

const FEW = 10;

export const people = signal(null);

export async function loadPeople() {
  const answer = await get(`/users?limit=${FEW}`).catch(() => null);
  if (answer) people.value = answer.items;
}

/** Somebody wrote who came after the list did. A full list needs nobody more. */
export function meetAuthors(posts) {
  const known = people.value;
  if (known && known.length < FEW && posts.some(({ author }) => !known.some(({ id }) => id === author.id))) loadPeople();
}

whenLeaving(() => (people.value = null));
