/** Everything that I may see, by its words; where, by whom and when narrow it. The question stands in the address. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { searchWanted } from "../frame/keyboard.js";
import { Page } from "../frame/page.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { get } from "../lib/http.js";
import { html } from "../lib/html.js";
import { go, place } from "../lib/router.js";
import { Filters } from "./filters.js";
import { Hit } from "./hit.js";

const PAUSE = 200;
const FILTERS = ["in", "from", "after", "before"];

export function Search() {
  const [words, setWords] = useState(place.value.query.get("q") ?? "");
  const [found, setFound] = useState(null);
  const [problem, setProblem] = useState(null);
  const turn = useRef(0);
  const filters = Object.fromEntries(FILTERS.map((name) => [name, place.value.query.get(name) ?? ""]));
  const asked = words.trim();

  const load = async (cursor) => {
    const mine = (turn.current += 1);
    if (!asked) return setFound(null);
    try {
      const { items, next } = await get(`/search?${questionOf(asked, filters, cursor)}`);
      if (mine !== turn.current) return;
      setFound((old) => ({ items: cursor ? [...old.items, ...items] : items, next, asked }));
      setProblem(null);
    } catch (trouble) {
      if (mine === turn.current) setProblem(trouble);
    }
  };
  const ask = (text, changes = {}) => {
    setWords(text);
    go(addressOf(text.trim(), { ...filters, ...changes }), { replace: true });
  };
  useEffect(() => {
    const timer = setTimeout(() => load(), found ? PAUSE : 0);
    return () => clearTimeout(timer);
  }, [asked, ...FILTERS.map((name) => filters[name])]);

  return html`
    <${Page} view="search" title="Search" back="/home">
      <${Field} words=${words} write=${ask} />
      <${Filters} filters=${filters} change=${(changes) => ask(words, changes)} />
      <${Found} found=${found} asked=${asked} problem=${problem} more=${load} />
    <//>
  `;
}

const filled = (filters) => Object.entries(filters).filter(([, value]) => value);

function addressOf(words, filters) {
  const query = new URLSearchParams([...(words ? [["q", words]] : []), ...filled(filters)]).toString();
  return query ? `/search?${query}` : "/search";
}

/** Days become moments in my zone; the last day is part of it. */
function questionOf(words, { after, before, ...others }, cursor) {
  const query = new URLSearchParams([["q", words], ...filled(others)]);
  if (after) query.set("after", new Date(`${after}T00:00`).getTime());
  if (before) query.set("before", new Date(`${before}T23:59:59.999`).getTime());
  if (cursor) query.set("cursor", cursor);
  return query;
}

function Field({ words, write }) {
  const input = useRef(null);
  useEffect(() => {
    input.current.focus();
    searchWanted.value = false;
  }, [searchWanted.value]);
  return html`
    <form class="search" role="search" onSubmit=${(event) => event.preventDefault()}>
      <label class="visually-hidden" for="search">Search messages and posts</label>
      <${Icon} name="search" />
      <input
        ref=${input} id="search" type="search" placeholder="Search messages and posts" autocomplete="off"
        spellcheck=${false} value=${words} onInput=${(event) => write(event.target.value)}
      />
      <kbd>/</kbd>
    </form>
  `;
}

function Found({ found, asked, problem, more }) {
  if (problem) return html`<${Trouble} problem=${problem} again=${() => more()} />`;
  if (!asked) return html`<${Empty}>Words, in any order. The last one may be half a word.<//>`;
  if (!found) return html`<${Skeleton} rows=${4} />`;
  if (!found.items.length && !found.next) return html`<${Empty}>Nothing has “${found.asked}” in it.<//>`;
  return html`
    <ul class="hits card" aria-label="Found">${found.items.map((hit) => html`<${Hit} key=${`${hit.kind}${(hit.message ?? hit.post).id}`} hit=${hit} />`)}</ul>
    ${found.next && html`<button class="button wall__older" type="button" onClick=${() => more(found.next)}>Show more</button>`}
  `;
}
