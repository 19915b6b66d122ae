/** The title says where one is, and how much is new; so does the icon of the tab. */
import { computed, effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { placeName } from "../accounts/community.js";
import { unseen } from "../pairup/news.js";
import { calls } from "../rooms/shelf.js";
import { unread } from "../walls/unread.js";

const where = signal("");
/** Stands before everything else while it is not empty. */
export const urgent = signal("");
const news = computed(() => unread.value + calls.value + unseen.value);

export function useTitle(title) {
  useEffect(() => {
    where.value = title;
  }, [title]);
}

effect(() => {
  const count = news.value ? `(${news.value}) ` : "";
  document.title = urgent.value || count + [where.value, placeName()].filter(Boolean).join(" · ");
});

const isMarked = computed(() => news.value > 0);

effect(() => {
  document.querySelector("link[rel=icon]").href = isMarked.value ? "/static/favicon-new.svg" : "/static/favicon.svg";
});
