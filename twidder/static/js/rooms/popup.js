/** A small panel beside the button that opened it: on a telephone a sheet at the foot. Esc or a press elsewhere closes. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useEscape } from "../frame/keyboard.js";
import { html } from "../lib/html.js";

/** `button({ open, toggle })` draws the button; `children(close)` what is in the panel; `opened(open)` is told. */
export function Popup({ button, children, label, opened = () => {}, role = "dialog" }) {
  const [open, setOpen] = useState(false);
  const place = useRef(null);
  const toggle = (next = !open) => {
    setOpen(next);
    opened(next);
  };
  const close = () => {
    toggle(false);
    place.current?.querySelector("button")?.focus();
  };
  return html`
    <span class="popup" ref=${place}>
      ${button({ open, toggle: () => toggle() })}
      ${open && html`<${Panel} anchor=${place} label=${label} role=${role} close=${close} leave=${() => toggle(false)}>${children(close)}<//>`}
    </span>
  `;
}

function Panel({ anchor, label, role, close, leave, children }) {
  const panel = useRef(null);
  useEscape(close);
  useEffect(() => {
    (panel.current.querySelector("input") ?? panel.current.querySelector("button"))?.focus({ preventScroll: true });
    const pressed = ({ target }) => anchor.current?.contains(target) || leave();
    document.addEventListener("pointerdown", pressed);
    return () => document.removeEventListener("pointerdown", pressed);
  }, []);
  const low = anchor.current.getBoundingClientRect().top > window.innerHeight / 2;
  return html`
    <div class="popup__panel" ref=${panel} role=${role} aria-label=${label} data-up=${low} onKeyDown=${moveInside}>${children}</div>
  `;
}

/** Arrows go from button to button. */
function moveInside(event) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step || event.target.matches("input")) return;
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  buttons.at((buttons.indexOf(event.target) + step) % buttons.length)?.focus();
  event.preventDefault();
  event.stopPropagation();
}
