/** Ctrl/⌘ K: a room, a conversation, a board or a person by a few letters. Alt ↑ ↓ steps through the rooms, with Shift the unread ones. */
import { useEffect, useState } from "preact/hooks";
import { boards, pathOf as pathOfBoard } from "../boards/known.js";
import { message } from "../direct/start.js";
import { get } from "../lib/http.js";
import { html } from "../lib/html.js";
import { go, place } from "../lib/router.js";
import { fullName } from "../lib/text.js";
import { nameOf, pathOf } from "../rooms/names.js";
import { conversations, rooms } from "../rooms/shelf.js";
import { close, Dialog, open } from "./dialog.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icon.js";
import { onKey } from "./keyboard.js";
import { Glyph, isHere } from "./rail-room.js";

const SHOWN = 9;
const PAUSE = 120;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const PLACES = [
  ["Home", "/home", "home"],
  ["Mentions", "/inbox", "at-sign"],
  ["Following", "/following", "rss"],
  ["Rooms", "/rooms", "hash"],
  ["Boards", "/boards", "layout-dashboard"],
  ["Pair-Up", "/pairup", "handshake"],
  ["Browse people", "/browse", "users"],
  ["Search", "/search", "search"],
  ["Account", "/account", "user"],
  ["Show the wire", "/wire", "terminal"],
];

const isModified = (event) => (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
onKey((event) => isModified(event) && event.key.toLowerCase() === "k", () => open(Switcher));
onKey((event) => event.altKey && STEPS[event.key] !== undefined, (event) => step(STEPS[event.key], event.shiftKey));

function step(by, unreadOnly) {
  const all = [...rooms.value, ...conversations.value];
  const here = all.findIndex((one) => pathOf(one.room.value) === place.value.path);
  for (let far = 1; far <= all.length; far += 1) {
    const one = all.at((Math.max(here, by > 0 ? -1 : 0) + by * far) % all.length);
    if (!unreadOnly || one.unread.value > 0) return go(pathOf(one.room.value));
  }
}

function Switcher() {
  const [query, setQuery] = useState("");
  const [marked, setMarked] = useState(0);
  const found = useMatches(query);
  const mark = Math.min(marked, found.length - 1);
  const run = (one) => {
    close();
    one.run();
  };
  const keys = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && found.length) setMarked((mark + by + found.length) % found.length);
    else if (event.key === "Enter" && found[mark]) run(found[mark]);
    else return;
    event.preventDefault();
  };
  const write = ({ target }) => {
    setQuery(target.value);
    setMarked(0);
  };
  return html`
    <${Dialog} title="Go to" bare>
      <label class="switcher__field"><span class="visually-hidden">Go to a room, a board, a person or a page</span><${Icon} name="search" />
        <input
          type="text" role="combobox" aria-expanded="true" aria-controls="switcher" aria-activedescendant=${found[mark] && `go-${found[mark].key}`} autofocus
          placeholder="Go to a room, a board or a person" autocomplete="off" spellcheck=${false} value=${query} onInput=${write} onKeyDown=${keys}
        />
      </label>
      <ul id="switcher" class="switcher" role="listbox" aria-label="Found">
        ${found.map((one, index) => html`
          <li key=${one.key} id="go-${one.key}" role="option" aria-selected=${index === mark} onPointerMove=${() => setMarked(index)} onClick=${() => run(one)}>
            ${one.glyph}<span>${one.name}</span><span class="aside">${one.note}</span>
          </li>
        `)}
      </ul>
      ${!found.length && html`<p class="switcher__none aside">Nothing is called so.</p>`}
    <//>
  `;
}

function useMatches(query) {
  const people = usePeople(query);
  const words = query.trim().toLowerCase();
  const fits = (name) => name.toLowerCase().split(/[\s-]+/).some((part) => part.startsWith(words)) || name.toLowerCase().includes(words);
  const mine = [...rooms.value, ...conversations.value].sort((a, b) => b.unread.value - a.unread.value || b.activity.value - a.activity.value).map(asRoom);
  const pages = PLACES.map(([name, path, icon]) => ({ key: path.slice(1), name, note: "", glyph: html`<${Icon} name=${icon} />`, run: () => go(path) }));
  const others = people.filter(({ id }) => !isTalkedTo(id)).map(asPerson);
  return [...mine, ...pages, ...boards.value.map(asBoard)].filter(({ name }) => fits(name)).concat(others).slice(0, SHOWN);
}

const isTalkedTo = (id) => conversations.value.some(({ room: { value: { people } } }) => people.length === 1 && people[0].id === id);

const asRoom = (one) => {
  const room = one.room.value;
  const note = one.unread.value ? `${one.unread.value} unread` : "";
  return { key: `room-${room.id}`, name: nameOf(room), note, glyph: html`<${Glyph} room=${room} here=${isHere(one)} />`, run: () => go(pathOf(room)) };
};

const asBoard = ({ board }) => ({
  key: `board-${board.id}`,
  name: board.name,
  note: "Board",
  glyph: html`<${Icon} name="layout-dashboard" />`,
  run: () => go(pathOfBoard(board)),
});

const asPerson = (person) => ({
  key: `person-${person.id}`,
  name: fullName(person),
  note: "Write",
  glyph: html`<${Avatar} person=${person} size="small" />`,
  run: () => message(person),
});

function usePeople(query) {
  const [people, setPeople] = useState([]);
  useEffect(() => {
    if (!query.trim()) return setPeople([]);
    let current = true;
    const ask = () => get(`/users?q=${encodeURIComponent(query.trim())}&limit=5`).then(({ items }) => current && setPeople(items), () => {});
    const timer = setTimeout(ask, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query]);
  return people;
}
