/** A question, and what has been answered so far. */
import { html } from "../lib/html.js";
import { PollVote } from "./poll-vote.js";

export const Poll = ({ board, tile, mayVote }) => html`
  ${tile.title && tile.text && html`<p class="poll__question" dir="auto">${tile.text}</p>`}
  <${PollVote}
    board=${mayVote ? board.board.value.id : null} tile=${tile} votes=${board.polls.value.get(tile.id)}
    mine=${board.mine.value.votes[tile.id] ?? null} voted=${(option) => board.voted(tile.id, option)}
  />
`;
