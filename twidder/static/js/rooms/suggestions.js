/** While one writes `@wal` or `:tad`: who, or which emoji, that may be. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Avatar } from "../frame/avatar.js";
import { html } from "../lib/html.js";
import { get } from "../lib/http.js";
import { fullName } from "../lib/text.js";
import { findEmoji } from "./emoji.js";

const PAUSE = 100;
const MOST = 6;
const BEGUN = /(?:^|[\s(])(@[A-Za-z0-9_.-]*|:[a-z0-9_+-]{2,})$/i;

/** { items, at, key(event) → whether it was one of ours, choose, look, close } */
export function useSuggestions(room, field, text, write) {
  const [items, setItems] = useState([]);
  const [at, setAt] = useState(0);
  const turn = useRef(0);

  const close = () => {
    turn.current += 1;
    setItems([]);
  };
  const look = () => {
    const now = (turn.current += 1);
    const word = begun(field.current);
    if (!word) return setItems([]);
    setTimeout(() => now === turn.current && find(room, word).then((found) => {
      if (now !== turn.current) return;
      setItems(found);
      setAt(0);
    }), PAUSE);
  };
  useEffect(() => (document.activeElement === field.current ? look() : undefined), [text]);

  const choose = (item) => {
    const caret = field.current.selectionStart;
    const from = caret - begun(field.current).length;
    const before = `${text.slice(0, from)}${item.insert} `;
    write(before + text.slice(caret).replace(/^ /, ""));
    close();
    requestAnimationFrame(() => field.current.setSelectionRange(before.length, before.length));
  };
  const key = (event) => {
    if (!items.length || event.shiftKey || event.ctrlKey || event.metaKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((at + step + items.length) % items.length);
    else if (event.key === "Enter" || event.key === "Tab") choose(items[at]);
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { items, at, key, choose, look, close };
}

const begun = ({ value, selectionStart }) => BEGUN.exec(value.slice(0, selectionStart))?.[1] ?? null;

async function find(room, word) {
  const words = word.slice(1);
  if (word.startsWith(":")) return findEmoji(words, MOST).map(([name, emoji]) => ({ insert: emoji, emoji, title: `:${name}:` }));
  const answer = await get(`/rooms/${room.id}/members?limit=${MOST}&q=${encodeURIComponent(words)}`).catch(() => ({ items: [] }));
  return answer.items.filter(({ handle }) => handle).slice(0, MOST).map(({ user, handle }) => ({ insert: `@${handle}`, person: user, title: fullName(user), note: `@${handle}` }));
}

export const Suggestions = ({ items, at, choose }) => html`
  <ul class="suggestions" id="suggestions" role="listbox" aria-label="Suggestions" hidden=${!items.length}>
    ${items.map((item, index) => html`
      <li
        key=${item.insert} id="suggestion-${index}" class="suggestion" role="option" aria-selected=${index === at}
        onPointerDown=${(event) => {
          event.preventDefault();
          choose(item);
        }}
      >
        ${item.person ? html`<${Avatar} person=${item.person} size="tiny" />` : html`<span class="suggestion__emoji">${item.emoji}</span>`}
        <bdi>${item.title}</bdi>${item.note && html`<span class="aside">${item.note}</span>`}
      </li>
    `)}
  </ul>
`;
