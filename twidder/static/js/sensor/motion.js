/** How strongly the device is moved, and how bright it is where it lies. */
import { useEffect, useState } from "preact/hooks";

const PATIENCE = 2_500;
const GRAVITY = 9.81;

/** Why there is nothing to ask the device for; null when there may be. */
export const whyNoMotion = () => {
  if (!window.isSecureContext) return "Phones tell of their motion to pages over https alone, and this one came by http.";
  return "DeviceMotionEvent" in window ? null : "This device tells nothing of its motion.";
};
export const hasLight = () => window.isSecureContext && "AmbientLightSensor" in window;

/** [state, turn on, turn off]; state: "off" | "on" | why it cannot be. Asked for by a press, as some phones demand. */
export function useMotion(tell) {
  const [state, setState] = useState("off");
  useEffect(() => (state === "on" ? listen(tell, setState) : undefined), [state]);
  const on = async () => {
    const answer = await (DeviceMotionEvent.requestPermission?.() ?? "granted");
    setState(answer === "granted" ? "on" : "The phone was not allowed to tell its motion. Reload to be asked again.");
  };
  return [state, () => on().catch(() => setState("The phone did not allow it.")), () => setState("off")];
}

function listen(tell, setState) {
  let heard = false;
  const hear = ({ acceleration, accelerationIncludingGravity }) => {
    const strength = strengthOf(acceleration, accelerationIncludingGravity);
    if (strength === null) return;
    heard = true;
    tell(strength);
  };
  window.addEventListener("devicemotion", hear);
  const timer = setTimeout(() => heard || setState("This device tells nothing of its motion."), PATIENCE);
  const lock = navigator.wakeLock?.request("screen").catch(() => null);
  return () => {
    window.removeEventListener("devicemotion", hear);
    clearTimeout(timer);
    lock?.then((held) => held?.release());
  };
}

/** m/s² without the pull of the earth; null when the device has no such sensor. */
function strengthOf(pure, withGravity) {
  const length = ({ x, y, z }) => Math.hypot(x, y, z);
  if (pure?.x != null) return rounded(length(pure));
  return withGravity?.x != null ? rounded(Math.abs(length(withGravity) - GRAVITY)) : null;
}

const rounded = (strength) => Math.round(strength * 100) / 100;

/** [state, turn on, turn off], as `useMotion`. */
export function useLight(tell) {
  const [state, setState] = useState("off");
  useEffect(() => {
    if (state !== "on") return;
    const sensor = new window.AmbientLightSensor({ frequency: 5 });
    sensor.onreading = () => tell(sensor.illuminance);
    sensor.onerror = () => setState("This device does not tell how bright it is.");
    sensor.start();
    return () => sensor.stop();
  }, [state]);
  return [state, () => setState("on"), () => setState("off")];
}
