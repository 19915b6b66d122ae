/** What anybody may know of this place: its name, who may sign up, how many are here. */
import { signal } from "@preact/signals";
import { get, patch } from "../lib/http.js";

export const community = signal(null);

export async function loadCommunity() {
  community.value = await get("/community").catch(() => community.value);
}

export async function changeCommunity(changes) {
  const answer = await patch("/community", changes);
  community.value = { ...community.value, ...answer };
  return answer;
}

export const placeName = () => community.value?.name ?? "Twidder";
