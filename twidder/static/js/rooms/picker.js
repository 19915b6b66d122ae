/** Chooses an emoji: the usual ones at once, all by name. */
import { useState } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";
import { QUICK, findEmoji } from "./emoji.js";
import { Popup } from "./popup.js";

export const AddReaction = ({ choose, opened, small = false }) => html`
  <${Popup} label="Reactions" opened=${opened} button=${({ open, toggle }) => html`
    <button class=${small ? "reaction reaction--add" : "icon-button"} type="button" aria-label="React" title="React" aria-expanded=${open} onClick=${toggle}>
      <${Icon} name="smile-plus" size=${16} />
    </button>
  `}>
    ${(close) => html`<${Picker} choose=${(emoji) => {
      close();
      choose(emoji);
    }} />`}
  <//>
`;

export function Picker({ choose }) {
  const [words, setWords] = useState("");
  const found = findEmoji(words);
  const first = (event) => {
    if (event.key !== "Enter" || !found.length) return;
    event.preventDefault();
    choose(found[0][1]);
  };
  return html`
    <div class="picker">
      <div class="picker__quick">${QUICK.map((emoji) => html`<${One} key=${emoji} emoji=${emoji} choose=${choose} />`)}</div>
      <input class="picker__search" type="search" placeholder="Search emoji" aria-label="Search emoji" autocomplete="off" value=${words} onInput=${({ target }) => setWords(target.value)} onKeyDown=${first} />
      <div class="picker__all">${found.map(([name, emoji]) => html`<${One} key=${name} emoji=${emoji} name=${name} choose=${choose} />`)}</div>
      ${found.length === 0 && html`<p class="aside">No emoji of that name.</p>`}
    </div>
  `;
}

const One = ({ emoji, name, choose }) => html`
  <button class="picker__one" type="button" title=${name && `:${name}:`} aria-label=${name?.replaceAll("_", " ") ?? emoji} onClick=${() => choose(emoji)}>${emoji}</button>
`;
