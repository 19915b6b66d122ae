/** Dragging a tile to another place, or to another size. What is under the pointer is shown at once, and stored when it is let go. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** Between two exchanges the pointer must move so far: the tile that made way may be under it again. */
const STEP = 24;

export function useDragging(arranging) {
  const moving = useSignal(null);
  const stop = useRef(() => {});
  useEffect(() => () => stop.current(), []);
  const begin = (event, tile, what) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.focus();
    const element = event.target.closest("[data-tile]");
    const follow = what === "move" ? exchanging(arranging, tile) : sizing(arranging, tile, element);
    const end = () => {
      document.removeEventListener("pointermove", follow);
      ["pointerup", "pointercancel"].forEach((name) => document.removeEventListener(name, end));
      moving.value = null;
      arranging.store();
    };
    document.addEventListener("pointermove", follow);
    ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, end));
    moving.value = tile.id;
    stop.current = end;
  };
  return { moving, begin };
}

function exchanging(arranging, tile) {
  let last = { x: -STEP, y: -STEP };
  return ({ clientX: x, clientY: y }) => {
    const under = document.elementFromPoint(x, y)?.closest("[data-tile]");
    const place = [...(under?.parentElement.querySelectorAll(":scope > [data-tile]") ?? [])].indexOf(under);
    if (!under || under.dataset.tile === tile.id || under.dataset.tile.startsWith("$") || Math.hypot(x - last.x, y - last.y) < STEP) return;
    last = { x, y };
    arranging.move(tile.id, place, { store: false });
  };
}

/** To whole columns and rows: as large as the pointer is away from the tile's corner. */
function sizing(arranging, tile, element) {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element.parentElement);
  const column = (parseFloat(style.gridTemplateColumns) || box.width) + parseFloat(style.columnGap);
  const row = parseFloat(style.gridAutoRows) + parseFloat(style.rowGap);
  const { x, y } = { x: box.left, y: box.top };
  let size = "";
  return ({ clientX, clientY }) => {
    const [width, height] = [Math.ceil((clientX - x) / column), Math.ceil((clientY - y) / row)];
    if (size === (size = `${width} ${height}`)) return;
    arranging.resize(tile.id, width, height, { store: false });
  };
}
