/** Everybody here; what is typed narrows the list. The words searched for stand in the address. */
import { useEffect, useRef, useState } from "preact/hooks";
import { searchWanted } from "../frame/keyboard.js";
import { Icon } from "../frame/icon.js";
import { Page } from "../frame/page.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { get } from "../lib/http.js";
import { html } from "../lib/html.js";
import { go, place } from "../lib/router.js";
import { PersonRow } from "./row.js";

const PAUSE = 150;
const PAGE = 20;

export function Browse() {
  const [query, setQuery] = useState(place.value.query.get("q") ?? "");
  const [found, setFound] = useState(null);
  const [problem, setProblem] = useState(null);
  const asked = useRef(0);

  const load = async (after) => {
    const turn = (asked.current += 1);
    const page = `/users?q=${encodeURIComponent(query.trim())}&limit=${PAGE}${after ? `&after=${encodeURIComponent(after)}` : ""}`;
    try {
      const { items, next } = await get(page);
      if (turn !== asked.current) return;
      setFound({ items: after ? [...found.items, ...items] : items, next, query: query.trim() });
      setProblem(null);
    } catch (trouble) {
      if (turn === asked.current) setProblem(trouble);
    }
  };

  useEffect(() => {
    const timer = setTimeout(() => load(), found ? PAUSE : 0);
    return () => clearTimeout(timer);
  }, [query]);

  const search = (words) => {
    setQuery(words);
    go(words.trim() ? `/browse?q=${encodeURIComponent(words.trim())}` : "/browse", { replace: true });
  };

  return html`
    <${Page} view="browse" title="Browse">
      <${Search} query=${query} search=${search} />
      <${Found} found=${found} problem=${problem} more=${load} again=${() => load()} clear=${() => search("")} />
    <//>
  `;
}

function Search({ query, search }) {
  const input = useRef(null);
  useEffect(() => {
    if (!searchWanted.value) return;
    input.current.focus();
    searchWanted.value = false;
  }, [searchWanted.value]);
  return html`
    <form class="search" role="search" onSubmit=${(event) => event.preventDefault()}>
      <label class="visually-hidden" for="search">Search people</label>
      <${Icon} name="search" />
      <input
        ref=${input} id="search" type="search" placeholder="Search people" autocomplete="off"
        spellcheck=${false} value=${query} onInput=${(event) => search(event.target.value)}
      />
      <kbd>/</kbd>
    </form>
  `;
}

function Found({ found, problem, more, again, clear }) {
  if (problem) return html`<${Trouble} problem=${problem} again=${again} />`;
  if (!found) return html`<${Skeleton} rows=${5} />`;
  if (!found.items.length) {
    return html`<${Empty} action=${html`<button class="button" type="button" onClick=${clear}>Show everybody</button>`}>
      Nobody matches “${found.query}”.
    <//>`;
  }
  return html`
    <ul class="people card" aria-label="People">${found.items.map((person) => html`<${PersonRow} key=${person.id} person=${person} />`)}</ul>
    ${found.next && html`<button class="button wall__older" type="button" onClick=${() => more(found.next)}>Show more</button>`}
  `;
}
