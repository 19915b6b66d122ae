/** The title says where one is, and how much is new. */
import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { placeName } from "../accounts/community.js";
import { unread } from "../walls/unread.js";

const where = signal("");

export function useTitle(title) {
  useEffect(() => {
    where.value = title;
  }, [title]);
}

effect(() => {
  const count = unread.value ? `(${unread.value}) ` : "";
  document.title = count + [where.value, placeName()].filter(Boolean).join(" · ");
});
