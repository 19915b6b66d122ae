/** A board: everything it shows, live; and, for those who may, how to arrange, feed and share it. */
import { useEffect, useState } from "preact/hooks";
import { guestRoom, memberId } from "../accounts/session.js";
import { Icon } from "../frame/icon.js";
import { Page } from "../frame/page.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { html } from "../lib/html.js";
import { go, place } from "../lib/router.js";
import { Arranged } from "./arrange.js";
import { Arranging } from "./arranging.js";
import { LiveBoard } from "./board.js";
import { FirstValue } from "./first-value.js";
import { Grid } from "./grid.js";
import { pathOf } from "./known.js";
import { BoardActs } from "./settings.js";
import { WallVisits } from "./statistics.js";

/** Guests have one room, and no list of boards. */
const backTo = () => (guestRoom.value ? `/rooms/${guestRoom.value}` : "/boards");

export function BoardView({ id }) {
  const [board] = useState(() => new LiveBoard(id));
  const [arranging] = useState(() => new Arranging(board));
  useEffect(() => () => board.close(), []);
  useRecovery(board);
  useOwnAddress(board);
  if (board.lost.value || !board.board.value) return html`<${Unready} board=${board} />`;
  const { name, description, built_in: isBuiltIn } = board.board.value;
  return html`
    <${Page} view="board" title=${name} note=${description} lead=${html`<${Icon} name=${isBuiltIn ? "activity" : "layout-dashboard"} />`} back=${backTo()} actions=${html`<${Acts} board=${board} arranging=${arranging} />`}>
      ${description && html`<p class="board-about aside" dir="auto">${description}</p>`}
      ${arranging.on.value ? html`<${Arranged} board=${board} arranging=${arranging} />` : html`<${Shown} board=${board} />`}
    <//>
  `;
}

function Acts({ board, arranging }) {
  if (!board.mine.value.may_arrange) return null;
  const { on } = arranging;
  return html`
    <button class="button button--pill ${on.value ? "button--primary" : ""}" type="button" aria-label=${on.value ? "Done" : "Arrange"} aria-pressed=${on.value} onClick=${() => (on.value = !on.value)}>
      <${Icon} name=${on.value ? "check" : "layout-grid"} size=${16} /><span>${on.value ? "Done" : "Arrange"}</span>
    </button>
    <${BoardActs} board=${board.board} values=${board.values} />
  `;
}

function Shown({ board }) {
  const isBuiltIn = board.board.value.built_in;
  if (board.isEmpty.value) return html`<${FirstValue} board=${board.board.value} mayArrange=${board.mine.value.may_arrange} />`;
  return html`<${Grid} board=${board} mayVote hasFiles=${memberId.value !== null}>${isBuiltIn && html`<${WallVisits} />`}<//>`;
}

function Unready({ board }) {
  const [problem, lost] = [board.problem.value, board.lost.value];
  const isGone = lost || problem?.status === 404;
  return html`
    <${Page} view="board" title=${board.board.value?.name ?? "Board"} back=${backTo()}>
      ${!problem && !lost && html`<${Skeleton} rows=${3} />`}
      ${isGone && html`<${Empty} action=${html`<a class="button" href=${backTo()}>${guestRoom.value ? "To the room" : "See the boards"}</a>`}>This board is not there, or not for you.<//>`}
      ${problem && !isGone && html`<${Trouble} problem=${problem} again=${() => board.open()} />`}
    <//>
  `;
}

/** What could not be loaded for want of a connection is loaded when it is back. */
function useRecovery(board) {
  const { isLive } = board;
  useEffect(() => {
    if (isLive && board.problem.value?.unreachable) board.open();
  }, [isLive]);
}

/** By its number, or renamed meanwhile. */
function useOwnAddress(board) {
  const path = board.board.value && pathOf(board.board.value);
  useEffect(() => {
    if (path && path !== place.value.path && place.value.view === "board") go(path, { replace: true });
  }, [path]);
}
