/** The options of a poll with what they got; whoever may vote presses one, another, or the same again to take it back. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { put } from "../lib/http.js";
import { number, plural } from "../lib/text.js";

/**
 * `tile`: the poll's · `votes`: for each option how many, as the board's state tells · `mine`: my option or null ·
 * `voted(mine)`: it is stored · `board`: its id, or null for those who only look on.
 */
export function PollVote({ board, tile, votes = [], mine = null, voted = () => {} }) {
  const [choice, choose] = useVote(board, tile, mine, voted);
  const counts = tile.options.map((_, index) => votes[index] ?? 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const most = Math.max(1, ...counts);
  return html`
    <div class="poll" role="group" aria-label=${tile.text || tile.title || "Poll"}>
      ${tile.options.map((option, index) => html`
        <${Option} key=${index} text=${option} count=${counts[index]} share=${counts[index] / most} mine=${choice === index} press=${board === null ? null : () => choose(index)} />
      `)}
      <p class="aside">${total ? plural(total, "vote", "votes") : "No votes yet"}${choice !== null ? " · press yours again to take it back" : ""}</p>
    </div>
  `;
}

function Option({ text, count, share, mine, press }) {
  const inside = html`
    <span class="poll__bar" aria-hidden="true" ref=${(bar) => bar?.style.setProperty("--share", share)}></span>
    <span class="poll__text"><bdi>${text}</bdi>${mine && html`<${Icon} name="check" size=${14} />`}</span><span class="poll__count">${number(count)}</span>
  `;
  if (!press) return html`<p class="poll__option">${inside}</p>`;
  return html`<button class="poll__option" type="button" aria-pressed=${mine} onClick=${press}>${inside}</button>`;
}

/** [what I chose, choose]: marked at once; as it was, and said so, when the server refuses. */
function useVote(board, tile, mine, voted) {
  const [choice, setChoice] = useState(mine);
  const turn = useRef(0);
  useEffect(() => setChoice(mine), [mine]);
  const choose = (index) => {
    const option = index === choice ? null : index;
    const mineNow = (turn.current += 1);
    setChoice(option);
    put(`/boards/${board}/polls/${tile.id}/vote`, { option }).then(
      (answer) => mineNow === turn.current && voted(answer.mine ?? null),
      (problem) => {
        if (mineNow === turn.current) setChoice(choice);
        say(`Your vote is not counted. ${problem.message}`);
      },
    );
  };
  return [choice, choose];
}
