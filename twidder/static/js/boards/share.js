/** Who sees a board: people here, and whoever has its public link. */
import { useEffect, useRef, useState } from "preact/hooks";
import { HereOnly, worksHereOnly } from "../community/links.js";
import { Qr } from "../community/qr.js";
import { Copyable } from "../frame/copy.js";
import { Dialog, open } from "../frame/dialog.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { patch, post, remove } from "../lib/http.js";
import { dayAndClock } from "../lib/time.js";
import { Audience } from "./audience.js";
import { put } from "./known.js";

/** `board`: a signal of the Board. */
export const openShare = (board) => open(Share, { board });

const Share = ({ board }) => html`
  <${Dialog} title="Share ${board.value.name}">
    <${People} board=${board.value} />
    <${PublicLink} board=${board.value} />
  <//>
`;

/** Each choice is saved as it is made. */
function People({ board }) {
  const [shown, setShown] = useState({ audience: board.audience, room: board.room ?? null });
  const change = (next) => {
    setShown(next);
    const fail = (problem) => {
      setShown(shown);
      say(`Not saved. ${problem.message}`);
    };
    patch(`/boards/${board.id}`, next).then((answer) => (put(answer), say("Saved")), fail);
  };
  return html`<section class="share"><h3>People here</h3><${Audience} ...${shown} change=${change} /></section>`;
}

function PublicLink({ board }) {
  const [link, setLink] = useState(null);
  const [problem, setProblem] = useState(null);
  const path = `/boards/${board.id}/link`;
  const run = (sending, then) => sending.then((answer) => (setProblem(null), then(answer)), setProblem);
  const make = () => run(post(path), setLink);
  const withdraw = () => run(remove(path), () => (setLink(null), say("The link is withdrawn. Whoever looked on by it is out.")));
  return html`
    <section class="part">
      <h3>Public link</h3>
      <p class="aside">Whoever has the link sees everything on this board, live, without an account, and can change nothing.</p>
      <div class="about__acts">
        <button class="button" type="button" onClick=${make}>${board.public ? "Make a new link" : "Make a public link"}</button>
        ${board.public && html`<button class="button" type="button" onClick=${withdraw}>Withdraw the link</button>`}
      </div>
      ${board.public && !link && html`<p class="aside">A link is in force. It was shown once; a new one ends it.</p>`}
      ${problem && html`<p class="form__error" role="alert">${problem.message}</p>`}
      ${link && board.public && html`<${Made} key=${link.url} link=${link} label="Public link" />`}
    </section>
  `;
}

/** A link, to copy and to scan. */
export function Made({ link, label }) {
  const place = useRef(null);
  useEffect(() => place.current.scrollIntoView({ block: "center" }), []);
  return html`
    <div class="link" ref=${place}>
      <${Copyable} text=${link.url} label=${label} />
      <p class="aside">Good until ${dayAndClock(link.expires_at)}.</p>
      ${worksHereOnly(link.url) ? html`<${HereOnly} />` : html`<${Qr} rows=${link.qr} label="${label} as a QR code" />`}
    </div>
  `;
}
