/** Keeps the list where its reader is, loads at both ends before one gets there, and jumps where it is asked to. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

const NEAR = 40;
const AHEAD = 1_400;
const FAR = 1_200;

export function useScrolling(room, scroller) {
  const keeper = useRef(null);
  keeper.current ??= new Keeper(room);
  const jump = room.jump.value;
  useLayoutEffect(() => keeper.current.drawn(scroller.current, jump));
  useEffect(() => keeper.current.watch(), []);
}

class Keeper {
  #room;
  #box = null;
  #jumped = null;
  /** At the very end: what comes is scrolled into view. */
  #pinned = true;
  /** The first row in view, and where it stands in the window. */
  #anchor = null;

  constructor(room) {
    this.#room = room;
  }

  drawn(box, jump) {
    this.#box = box;
    if (jump !== this.#jumped) this.#go(jump);
    else this.#stay();
    this.#look();
  }

  watch() {
    const look = () => this.#room.reading.look();
    const scrolled = () => this.#look();
    const sizes = new ResizeObserver(() => {
      this.#stay();
      this.#look();
    });
    sizes.observe(this.#box);
    sizes.observe(this.#box.firstElementChild);
    this.#box.addEventListener("scroll", scrolled, { passive: true });
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      sizes.disconnect();
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }

  get #below() {
    return this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight;
  }

  #stay() {
    if (this.#pinned && this.#room.pages.hasEnd) return this.#toEnd();
    const row = this.#anchor && this.#row(this.#anchor.key);
    if (row) this.#box.scrollTop += this.#offset(row) - this.#anchor.offset;
  }

  #toEnd() {
    this.#box.scrollTop = this.#box.scrollHeight;
  }

  #go(jump) {
    this.#jumped = jump;
    const { to, mark } = jump;
    const row = to === "end" ? null : this.#row(to === "new" ? "new" : null, to);
    this.#pinned = row === null;
    if (!row) return this.#toEnd();
    this.#box.scrollTop += this.#offset(row) - this.#box.clientHeight * (to === "new" ? 0.2 : 0.35);
    if (mark) this.#mark(row);
  }

  #mark(row) {
    row.focus({ preventScroll: true });
    row.animate([{ background: "var(--accent-soft)" }, { background: "var(--accent-soft)", offset: 0.6 }, { background: "transparent" }], 2_500);
  }

  #row(key, id) {
    const name = key ? `[data-row="${CSS.escape(key)}"]` : `[data-message-id="${id}"]`;
    return this.#box.querySelector(name);
  }

  #offset(row) {
    return row.getBoundingClientRect().top - this.#box.getBoundingClientRect().top;
  }

  #look() {
    const { pages, reading, away } = this.#room;
    this.#pinned = this.#below < NEAR;
    this.#anchor = this.#firstInView();
    away.value = this.#below > FAR || !pages.hasEnd;
    reading.look(this.#pinned);
    if (this.#box.scrollTop < AHEAD) pages.loadOlder().catch(() => {});
    if (this.#below < AHEAD) pages.loadNewer().catch(() => {});
  }

  #firstInView() {
    const top = this.#box.getBoundingClientRect().top;
    const rows = this.#box.firstElementChild.children;
    let [from, to] = [0, rows.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (rows[middle].getBoundingClientRect().bottom <= top) from = middle + 1;
      else to = middle;
    }
    const row = [...rows].slice(from, from + 3).find((one) => one.dataset.row);
    return row ? { key: row.dataset.row, offset: this.#offset(row) } : null;
  }
}
