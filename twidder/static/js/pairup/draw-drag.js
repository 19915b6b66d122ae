/** Dragging a wish to another place of the list, by mouse or finger. */
import { useEffect, useRef } from "preact/hooks";

/** `moving`: a signal of what is dragged · `move(id, to)`. Returns begin(event, id). */
export function useDragging(moving, move) {
  const stop = useRef(() => {});
  const latest = useRef(move);
  latest.current = move;
  useEffect(() => () => stop.current(), []);
  return (event, id) => {
    if (event.button !== 0) return;
    const list = event.currentTarget.closest("ol");
    let to = null;
    const follow = ({ clientY: y }) => {
      const rows = [...list.children].filter((row) => Number(row.dataset.wish) !== id);
      to = rows.filter((row) => middle(row) < y).length;
      rows.forEach((row, index) => (row.dataset.drop = index === to ? "before" : index === to - 1 && to === rows.length ? "after" : ""));
    };
    const end = ({ type } = {}) => {
      document.removeEventListener("pointermove", follow);
      ["pointerup", "pointercancel"].forEach((name) => document.removeEventListener(name, end));
      [...list.children].forEach((row) => delete row.dataset.drop);
      moving.value = null;
      stop.current = () => {};
      if (type === "pointerup" && to !== null) latest.current(id, to);
    };
    document.addEventListener("pointermove", follow);
    ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, end));
    moving.value = id;
    stop.current = end;
  };
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}
