/** What moved, glides there from where it was. */
import { useLayoutEffect, useRef } from "preact/hooks";

const MOVE = { duration: 180, easing: "ease-out" };
const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** `elements()` and `name(element)`: what may move, looked at whenever `order` changes. */
export function useMotion(elements, name, order) {
  const before = useRef(new Map());
  useLayoutEffect(() => {
    const now = new Map();
    for (const element of elements()) {
      const { offsetLeft: x, offsetTop: y } = element;
      const old = before.current.get(name(element));
      now.set(name(element), { x, y });
      if (old && (old.x !== x || old.y !== y) && !isCalm()) element.animate([{ transform: `translate(${old.x - x}px, ${old.y - y}px)` }, { transform: "none" }], MOVE);
    }
    before.current = now;
  }, [order]);
}
