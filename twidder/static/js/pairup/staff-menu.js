/** What can be done with a row, behind its three dots. */
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";
import { Popup } from "../rooms/popup.js";

/** `items`: [[icon, words, act, isDanger?]]; what is false is left out. */
export function RowMenu({ label, items }) {
  const button = ({ open, toggle }) => html`
    <button class="icon-button" type="button" aria-label=${label} aria-haspopup="menu" aria-expanded=${open} onClick=${toggle}><${Icon} name="ellipsis" /></button>
  `;
  const inside = (close) => items.filter(Boolean).map(([icon, words, act, danger = false]) => html`
    <button key=${words} class="menu__item" data-danger=${danger} role="menuitem" type="button" onClick=${() => (close(), act())}><${Icon} name=${icon} size=${16} />${words}</button>
  `);
  return html`<${Popup} label=${label} role="menu" button=${button}>${inside}<//>`;
}
