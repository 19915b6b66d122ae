/** Tells the other tabs of this browser that somebody signed in; they then ask the server who it is. */

const channel = new BroadcastChannel("twidder");

export const tellOtherTabs = () => channel.postMessage("signed-in");

export function whenToldSignedIn(listener) {
  channel.onmessage = ({ data }) => data === "signed-in" && listener();
}
