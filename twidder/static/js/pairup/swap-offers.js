/** Swaps that are offered to my team, and by it. */
import { html } from "../lib/html.js";
import { acceptSwap, dropSwap } from "./acts.js";
import { placeWords } from "./words.js";

export function SwapOffers({ round }) {
  const { swaps, team } = round.mine.value;
  if (!swaps.length || !team) return null;
  return html`
    <section class="offers card" aria-label="Swaps">
      <h2 class="beside__title">Swaps</h2>
      <ul>${swaps.map((swap) => html`<${Offer} key=${swap.id} round=${round} swap=${swap} isMine=${swap.giver.id === team.id} />`)}</ul>
    </section>
  `;
}

function Offer({ round, swap, isMine }) {
  const words = (id) => (round.places.value.has(id) ? placeWords(round.places.value.get(id), round.labs.value) : "their place");
  return html`
    <li class="offer">
      <p>${isMine
        ? html`You asked <bdi>${swap.taker.label}</bdi> for ${words(swap.wants)}.`
        : html`<bdi>${swap.giver.label}</bdi> would give ${words(swap.gives)} for your place.`}</p>
      <div class="team__acts">
        ${!isMine && html`<button class="button button--primary" type="button" onClick=${() => acceptSwap(round, swap)}>Swap</button>`}
        <button class="button" type="button" onClick=${() => dropSwap(round, swap)}>${isMine ? "Withdraw" : "Decline"}</button>
      </div>
    </li>
  `;
}
