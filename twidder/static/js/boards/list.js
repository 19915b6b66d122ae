/** All boards that I may see. */
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { Page } from "../frame/page.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";
import { audienceOf } from "./audience.js";
import { boards, known, loadBoards, pathOf } from "./known.js";
import { openNewBoard } from "./new.js";

export function Boards() {
  const [problem, setProblem] = useState(null);
  const load = () => loadBoards().then(() => setProblem(null), setProblem);
  useEffect(() => void load(), []);
  const made = boards.value.filter(({ board }) => !board.built_in);
  return html`
    <${Page} view="boards" title="Boards" actions=${html`<${Make} />`}>
      ${problem && !known.value && html`<${Trouble} problem=${problem} again=${load} />`}
      ${!known.value && !problem && html`<${Skeleton} rows=${3} />`}
      ${known.value && !made.length && html`<${None} />`}
      ${boards.value.length > 0 && html`<ul class="boards" aria-label="Boards">${boards.value.map((one) => html`<${Card} key=${one.board.id} ...${one} />`)}</ul>`}
    <//>
  `;
}

const Make = () => html`
  <button class="button button--primary button--pill" type="button" aria-label="New board" onClick=${() => openNewBoard()}><${Icon} name="plus" size=${16} /><span>New board</span></button>
`;

const None = () => html`
  <${Empty} action=${html`<button class="button button--primary" type="button" onClick=${() => openNewBoard()}>Make a board</button>`}>
    A board shows values while they change: a scoreboard, a sensor, a queue. One line feeds it.
  <//>
`;

const Card = ({ board }) => html`
  <li>
    <a class="board-card card" href=${pathOf(board)}>
      <${Icon} name=${board.built_in ? "activity" : "layout-dashboard"} />
      <strong><bdi>${board.name}</bdi></strong>
      <span class="board-card__text">${board.description}</span>
      <span class="board-card__facts">
        ${[audienceOf(board), board.public && "public link", board.owner && `by ${fullName(board.owner)}`].filter(Boolean).join(" · ")}
      </span>
    </a>
  </li>
`;
