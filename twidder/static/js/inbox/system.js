/** The system's own notifications: only where the browser offers them (https or localhost), and only once asked for. */
import { signal } from "@preact/signals";
import { pageIsWatched } from "../frame/watched.js";
import { go } from "../lib/router.js";

const OFF = "twidder.notifications.off";
const BODY = 140;

export const isOffered = "Notification" in window && window.isSecureContext;
/** "default" (not asked yet) | "granted" | "denied" | "off" (allowed, but not wanted in this browser) */
export const permission = signal(current());

function current() {
  if (!isOffered) return "denied";
  return Notification.permission === "granted" && localStorage.getItem(OFF) ? "off" : Notification.permission;
}

export async function allow() {
  localStorage.removeItem(OFF);
  await Notification.requestPermission();
  permission.value = current();
}

export function silence() {
  localStorage.setItem(OFF, "yes");
  permission.value = current();
}

/** A newer one with the same `tag` takes the place of the older. */
export function showNotification({ title, body = "", tag, path }) {
  if (permission.value !== "granted" || pageIsWatched()) return;
  const shown = new Notification(title, { body: body.slice(0, BODY), tag, icon: "/static/app-icon.svg" });
  shown.onclick = () => {
    window.focus();
    go(path);
    shown.close();
  };
}
