/** Files that are dropped anywhere on the conversation. */
import { useState } from "preact/hooks";
import { memberId } from "../accounts/session.js";

/** [whether files hang above it, handlers for the element] */
export function useDropped(room) {
  const [over, setOver] = useState(false);
  const isWelcome = ({ dataTransfer }) => memberId.value && room.canWrite.value && dataTransfer.types.includes("Files");
  const hover = (event) => {
    if (!isWelcome(event)) return;
    event.preventDefault();
    setOver(true);
  };
  const leave = (event) => event.currentTarget.contains(event.relatedTarget) || setOver(false);
  const drop = (event) => {
    if (!isWelcome(event)) return;
    event.preventDefault();
    setOver(false);
    room.uploads.add(event.dataTransfer.files);
  };
  return [over, { onDragOver: hover, onDragLeave: leave, onDrop: drop }];
}
