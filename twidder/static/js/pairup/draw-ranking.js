/** My team's wishes, the best first: dragged, or moved by buttons. Each change is stored at once. */
import { useSignal } from "@preact/signals";
import { Icon } from "../frame/icon.js";
import { Section } from "../frame/section.js";
import { announce } from "../lib/announce.js";
import { html } from "../lib/html.js";
import { plural } from "../lib/text.js";
import { clock } from "../lib/time.js";
import { longDay } from "./clock.js";
import { useRanking } from "./draw-saving.js";
import { useDragging } from "./draw-drag.js";

export function Ranking({ model }) {
  const { list, state, set } = useRanking(model);
  const team = model.mine.value.team;
  const may = model.phase.value === "open" && team;
  if (!team) return html`<${Section} id="ranking" title="Your ranking"><p class="aside">A team ranks the places. Find a partner first, under Partners.</p><//>`;
  const places = list.map((id) => model.places.value.get(id)).filter(Boolean);
  return html`
    <${Section} id="ranking" title="Your ranking" text=${team.complete ? "You and your partner share this list. The first is what you would like best." : "You can rank already. Only complete teams take part in the draw."}>
      ${places.length
        ? html`<${Wishes} model=${model} places=${places} may=${may} set=${set} />`
        : html`<p class="aside">Nothing ranked yet. Add the places you would like, the best first.</p>`}
      <p class="draw__state aside" role="status">${STATES[state] ?? state}</p>
      ${may && html`<${Adding} model=${model} list=${list} set=${set} />`}
    <//>
  `;
}

const STATES = { saved: "Saved", saving: "Saving…", "": "" };

function Wishes({ model, places, may, set }) {
  const moving = useSignal(null);
  const ids = places.map(({ id }) => id);
  const move = (id, to) => {
    const others = ids.filter((one) => one !== id);
    const place = Math.min(others.length, Math.max(0, to));
    others.splice(place, 0, id);
    set(others);
    announce(`${wordsOf(model, id)}, choice ${place + 1}`);
  };
  const begin = useDragging(moving, move);
  return html`
    <ol class="wishes">
      ${places.map((place, index) => html`<${Wish} key=${place.id} model=${model} place=${place} index=${index} last=${index === places.length - 1} may=${may} isMoving=${moving.value === place.id} move=${move} begin=${begin} drop=${() => set(ids.filter((id) => id !== place.id))} />`)}
    </ol>
  `;
}

function Wish({ model, place, index, last, may, isMoving, move, begin, drop }) {
  const words = wordsOf(model, place.id);
  const keys = (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    move(place.id, index + step);
  };
  return html`
    <li class="wish" data-wish=${place.id} data-moving=${isMoving}>
      ${may && html`<button class="icon-button wish__grip" type="button" aria-label="Move ${words}" title="Drag, or press the arrow keys" onPointerDown=${(event) => begin(event, place.id)} onKeyDown=${keys}><${Icon} name="grip" size=${16} /></button>`}
      <span class="wish__rank">${index + 1}</span>
      <span class="wish__words"><strong>${clock(place.starts_at)}</strong> <bdi>${labOf(model, place)}</bdi><span class="aside">${longDay(place.starts_at)}</span></span>
      ${may && html`<span class="wish__acts">
        <button class="icon-button" type="button" aria-label="${words} up" disabled=${index === 0} onClick=${() => move(place.id, index - 1)}><${Icon} name="arrow-up" size=${16} /></button>
        <button class="icon-button" type="button" aria-label="${words} down" disabled=${last} onClick=${() => move(place.id, index + 1)}><${Icon} name="arrow-down" size=${16} /></button>
        <button class="icon-button" type="button" aria-label="Take ${words} off the list" onClick=${drop}><${Icon} name="x" size=${16} /></button>
      </span>`}
    </li>
  `;
}

export const labOf = (model, place) => model.labs.value.find(({ id }) => id === place.lab)?.name ?? "";

export function wordsOf(model, id) {
  const place = model.places.value.get(id);
  return place ? `${clock(place.starts_at)} in ${labOf(model, place)}` : "";
}

/** What is not on the list yet, by lab; as a longer one it would be no ranking any more. */
const MOST = 20;

function Adding({ model, list, set }) {
  const ranked = new Set(list);
  const free = [...model.places.value.values()].filter(({ id, state }) => !ranked.has(id) && state === "free").sort((a, b) => a.starts_at - b.starts_at || a.id - b.id);
  if (!free.length) return null;
  if (list.length >= MOST) return html`<p class="aside">At most ${plural(MOST, "place", "places")}. Take one off the list to add another.</p>`;
  return html`
    <div class="add-wish">
      ${model.labs.value.map((lab) => {
        const places = free.filter((place) => place.lab === lab.id);
        if (!places.length) return null;
        return html`
          <section key=${lab.id} aria-label="Places in ${lab.name}">
            <h3><bdi>${lab.name}</bdi> <span class="aside">${longDay(places[0].starts_at)}</span></h3>
            <ul>${places.map(({ id, starts_at: at }) => html`<li key=${id}><button class="button" type="button" aria-label="Add ${wordsOf(model, id)}" onClick=${() => set([...list, id])}><${Icon} name="plus" size=${14} />${clock(at)}</button></li>`)}</ul>
          </section>
        `;
      })}
    </div>
  `;
}
