/** A board for whoever has its link: to look at, nothing else. */
import { useEffect, useState } from "preact/hooks";
import { placeName } from "../accounts/community.js";
import { Banner } from "../frame/banner.js";
import { Overlays } from "../frame/dialog.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { Tile } from "../frame/tile.js";
import { useTitle } from "../frame/title.js";
import { Porch } from "../guests/door.js";
import { withToken } from "../lib/http.js";
import { html } from "../lib/html.js";
import { forgetSecret, heldSecret } from "../lib/secret.js";
import { Socket } from "../live/socket.js";
import { LiveBoard } from "./board.js";
import { Grid } from "./grid.js";

/** For this tab's reloads: the address has lost it. */
const KEPT = "twidder.board-link";

export function PublicBoard() {
  const [secret] = useState(takeLink);
  const [socket] = useState(() => new Socket({ token: secret }));
  const [board, setBoard] = useState(null);
  const [isOver, setOver] = useState(!secret);
  useEffect(() => {
    if (!secret) return;
    let shown = null;
    const end = () => {
      sessionStorage.removeItem(KEPT);
      setOver(true);
    };
    socket.greeted = ({ viewer }) => {
      shown ??= new LiveBoard(viewer.board, { api: withToken(secret), socket });
      setBoard(shown);
    };
    socket.dismissed = end;
    socket.open();
    return () => {
      shown?.close();
      socket.close();
    };
  }, []);
  if (isOver || board?.lost.value || board?.problem.value?.status === 404) return html`<${Over} />`;
  return html`<${Shown} board=${board} socket=${socket} />`;
}

function takeLink() {
  const secret = heldSecret() ?? sessionStorage.getItem(KEPT);
  forgetSecret();
  if (secret) sessionStorage.setItem(KEPT, secret);
  return secret;
}

function Shown({ board, socket }) {
  const now = board?.board.value;
  const problem = board?.problem.value;
  useTitle(now?.name ?? "Board");
  return html`
    <a class="skip" href="#content">Skip to content</a>
    <div class="public">
      <header class="public__bar">
        <h1><bdi>${now?.name ?? "Board"}</bdi></h1>
        <div class="brand"><${Tile} /><span>${placeName()}</span></div>
      </header>
      <${Banner} socket=${socket} />
      <main id="content" class="public__content" tabindex="-1" data-view="public">
        ${now?.description && html`<p class="board-about aside" dir="auto">${now.description}</p>`}
        ${problem ? html`<${Trouble} problem=${problem} again=${() => board.open()} />` : now ? html`<${Values} board=${board} />` : html`<${Skeleton} rows=${3} />`}
      </main>
    </div>
    <${Overlays} />
  `;
}

const Values = ({ board }) =>
  board.isEmpty.value ? html`<${Empty}>No values yet. They appear here as they come.<//>` : html`<${Grid} board=${board} />`;

const Over = () => html`
  <${Porch} title="Board" view="public">
    <div role="status"><h2>This link has ended.</h2><p class="aside">The board can be seen by it no more. Ask whoever sent it for a new one.</p></div>
  <//>
`;
