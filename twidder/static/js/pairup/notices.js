/** What has happened to me in this round, the newest first. */
import { useState } from "preact/hooks";
import { html } from "../lib/html.js";
import { ago, full } from "../lib/time.js";
import { namesOfOthers } from "./mine.js";
import { noticeWords } from "./words.js";

const FIRST = 4;

export function Notices({ round }) {
  const [all, setAll] = useState(false);
  const notices = round.mine.value.notices;
  if (!notices.length) return null;
  const hold = round.hold.value;
  const known = {
    places: round.places.value,
    labs: round.labs.value,
    own: round.team.value && { id: round.team.value.id, others: namesOfOthers(round) },
    isHeld: ({ place, fence }) => hold?.id === place && hold.fence === fence,
  };
  return html`
    <section class="happened card" aria-label="What has happened">
      <h2 class="beside__title">What has happened</h2>
      <ul>${(all ? notices : notices.slice(0, FIRST)).map((one) => html`<li key=${one.id}><p dir="auto">${noticeWords(one, known)}</p><time class="aside" title=${full(one.at)}>${ago(one.at)}</time></li>`)}</ul>
      ${!all && notices.length > FIRST && html`<button class="text-button" type="button" onClick=${() => setAll(true)}>Show all ${notices.length}</button>`}
    </section>
  `;
}
