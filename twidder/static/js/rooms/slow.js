/** Slow mode, as whoever writes sees it. */
import { useEffect, useState } from "preact/hooks";
import { user } from "../accounts/session.js";
import { outbox } from "../live/outbox.js";

/** Whole seconds until I may write again; 0 = now. Moderators need not wait. */
export function useSlow(room) {
  const end = endOf(room);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    setNow(Date.now());
    if (end <= Date.now()) return;
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= end) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [end]);
  return Math.max(0, Math.ceil((end - now) / 1000));
}

function endOf(room) {
  const seconds = room.room.value.slow_seconds;
  if (!seconds || room.moderates.value) return 0;
  const mine = room.pages.items.value?.findLast(({ author }) => author.id === user.value.id)?.created_at ?? 0;
  const waiting = outbox.value.findLast(({ topic }) => topic === room.topic)?.at ?? 0;
  const last = Math.max(mine, waiting);
  return last && last + seconds * 1000;
}
