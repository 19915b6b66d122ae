/** What the browser knows of the network and of being looked at, told to the connection; and its state to the page. */
import { effect } from "@preact/signals";
import { live } from "../live/socket.js";

window.addEventListener("online", () => live.tryNow());
document.addEventListener("visibilitychange", () => document.hidden || live.tryNow());

effect(() => {
  document.documentElement.dataset.connection = live.state.value;
});
