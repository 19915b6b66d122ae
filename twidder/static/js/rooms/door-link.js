/** The link and the QR code by which guests come in. It is shown once; a new one ends the older. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Qr } from "../community/qr.js";
import { Copyable } from "../frame/copy.js";
import { post, remove } from "../lib/http.js";
import { html } from "../lib/html.js";
import { dayAndClock } from "../lib/time.js";

export function DoorLink({ room }) {
  const [link, setLink] = useState(null);
  const [words, setWords] = useState(null);
  const run = (sending, then) => sending.then(then, (problem) => setWords(problem.message));
  const make = () => run(post(`/rooms/${room.id}/link`), (made) => (setLink(made), setWords(null)));
  const close = () => run(remove(`/rooms/${room.id}/link`), () => (setLink(null), setWords("The door is closed. Who is inside stays.")));
  return html`
    <p class="aside">Whoever has the link picks a name and is in, without an account. A new link ends the older one.</p>
    <div class="about__acts">
      <button class="button" type="button" onClick=${make}>${link ? "Make another link" : "Make a guest link"}</button>
      <button class="button" type="button" onClick=${close}>Close the door</button>
    </div>
    ${words && html`<p class="aside" role="status">${words}</p>`}
    ${link && html`<${Made} key=${link.url} link=${link} />`}
  `;
}

function Made({ link }) {
  const place = useRef(null);
  useEffect(() => place.current.scrollIntoView({ block: "center" }), []);
  return html`
    <div class="link" ref=${place}>
      <${Copyable} text=${link.url} label="Guest link" />
      <p class="aside">Good until ${dayAndClock(link.expires_at)}.</p>
      <${Qr} rows=${link.qr} label="Guest link as a QR code" />
    </div>
  `;
}
