/** How many new posts arrived on each followed wall while nobody looked at it. */
import { computed, signal } from "@preact/signals";

const counts = signal({});

export const unreadOn = (wall) => counts.value[wall] ?? 0;
export const unread = computed(() => Object.values(counts.value).reduce((sum, count) => sum + count, 0));

export function noteUnread(wall) {
  counts.value = { ...counts.value, [wall]: unreadOn(wall) + 1 };
}

export function markRead(wall) {
  const { [wall]: _, ...others } = counts.value;
  counts.value = others;
}

export function forgetUnread() {
  counts.value = {};
}
