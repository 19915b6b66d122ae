/** On Twidder's own board, for me alone: how often others looked at my wall. */
import { useEffect, useState } from "preact/hooks";
import { html } from "../lib/html.js";
import { get } from "../lib/http.js";
import { number } from "../lib/text.js";
import { live } from "../live/socket.js";

export function WallVisits() {
  const visits = useVisits();
  if (!visits) return null;
  return html`
    <section class="board-tile" aria-label="Visits to my wall">
      <header class="board-tile__head"><h2>Visits to my wall</h2></header>
      <div class="board-tile__body"><p class="figure"><span>${number(visits.today)}</span><span class="figure__unit"> today</span></p></div>
      <p class="fresh">${number(visits.total)} in all. Only you see this.</p>
    </section>
  `;
}

/** { total, today }, as my own topic tells it; null until known. */
function useVisits() {
  const [visits, setVisits] = useState(null);
  useEffect(() => {
    const hear = ({ visits: now }) => now && setVisits(now);
    const load = () => get("/me/statistics").then((answer) => (hear(answer), { seq: answer.seq, epoch: answer.epoch }));
    return live.topics.followState("stats", { seq: null, epoch: null, state: hear, reload: load, lost: () => {} });
  }, []);
  return visits;
}
