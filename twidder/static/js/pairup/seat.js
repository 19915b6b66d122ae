/** One place: when, and whose. A button where it can be pressed. */
import { html } from "../lib/html.js";
import { clock, full } from "../lib/time.js";
import { Left } from "./hold.js";

export function Seat({ place, mine, may, choose }) {
  const { state, starts_at: at, team } = place;
  const isMine = Boolean(team && team.id === mine.id);
  const words = wordsOf(place, isMine && mine.label);
  const attributes = { class: "seat", "data-state": state, "data-mine": isMine, title: `${full(at)}${team && !isMine ? `: ${team.label}` : ""}` };
  const inside = html`
    <span class="seat__time">${clock(at)}</span>
    <span class="seat__who"><bdi>${words}</bdi>${state === "held" && html` <${Left} until=${place.until} />`}</span>
  `;
  if (!may || isMine) return html`<div ...${attributes}>${inside}</div>`;
  return html`<button type="button" ...${attributes} onClick=${() => choose(place)}>${inside}</button>`;
}

function wordsOf({ state, team }, label) {
  if (state === "free") return "free";
  if (state === "kept") return "kept";
  if (state === "held") return "held";
  return label || team?.label || "taken";
}
