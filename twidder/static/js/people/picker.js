/** Chooses people by name. `chosen`: [User]; `change(chosen)`; `most`: how many at most; `whenAsked`: nobody before a letter is typed. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Avatar } from "../frame/avatar.js";
import { Icon } from "../frame/icon.js";
import { get } from "../lib/http.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";

const PAUSE = 150;
const SHOWN = 6;

export function PeoplePicker({ label, chosen, change, most = 9, except = [], whenAsked = false }) {
  const [query, setQuery] = useState("");
  const [marked, setMarked] = useState(0);
  const input = useRef(null);
  const taken = new Set([...chosen.map(({ id }) => id), ...except]);
  const found = useFound(query, whenAsked).filter(({ id }) => !taken.has(id)).slice(0, SHOWN);
  const mark = Math.min(marked, found.length - 1);

  const add = (person) => {
    change([...chosen, person].slice(0, most));
    setQuery("");
    setMarked(0);
    input.current.focus();
  };
  const keys = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) setMarked((mark + step + found.length) % found.length);
    else if (event.key === "Enter" && query && found[mark]) add(found[mark]);
    else if (event.key === "Backspace" && !query && chosen.length) return change(chosen.slice(0, -1));
    else return;
    event.preventDefault();
  };

  return html`
    <div class="picker">
      <label for="picker">${label}</label>
      <div class="picker__field">
        ${chosen.map((person) => html`<${Chosen} key=${person.id} person=${person} drop=${() => change(chosen.filter((one) => one !== person))} />`)}
        <input
          ref=${input} id="picker" type="text" role="combobox" aria-expanded=${found.length > 0} aria-controls="picker-found" aria-autocomplete="list"
          aria-activedescendant=${found[mark] ? `picker-${found[mark].id}` : undefined} autocomplete="off" spellcheck=${false} autofocus=${!whenAsked}
          value=${query} onInput=${(event) => setQuery(event.target.value)} onKeyDown=${keys}
        />
      </div>
      <ul id="picker-found" class="picker__found" role="listbox" aria-label="People found">
        ${found.map((person, index) => html`
          <li key=${person.id} id="picker-${person.id}" role="option" aria-selected=${index === mark} class="person" onClick=${() => add(person)}>
            <${Avatar} person=${person} /><span class="person__name">${fullName(person)}</span><span class="person__place">@${person.handle}</span>
          </li>
        `)}
      </ul>
    </div>
  `;
}

const Chosen = ({ person, drop }) => html`
  <span class="chip">${fullName(person)}<button type="button" aria-label="Without ${fullName(person)}" onClick=${drop}><${Icon} name="x" size=${14} /></button></span>
`;

/** The people whom the words find; the newest question wins. */
function useFound(query, whenAsked) {
  const [found, setFound] = useState([]);
  useEffect(() => {
    if (whenAsked && !query.trim()) return setFound([]);
    let current = true;
    const ask = () => get(`/users?q=${encodeURIComponent(query.trim())}&limit=20`).then(({ items }) => current && setFound(items), () => {});
    const timer = setTimeout(ask, query ? PAUSE : 0);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query]);
  return found;
}
