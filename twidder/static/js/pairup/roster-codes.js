/** New codes, shown once: a sheet to print and cut, or to copy into a mail merge. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";
import { plural } from "../lib/text.js";
import { download, toCsv } from "./staff-files.js";

const HEADER = ["number", "name", "email", "code", "link"];

/** `codes`: [{ entry, number, name, email, code, url }] */
export function CodesSheet({ round, codes, close }) {
  const heading = useRef(null);
  const [isCopied, setCopied] = useState(false);
  const rows = () => [HEADER, ...codes.map((one) => [one.number, one.name, one.email, one.code, one.url])];
  const copy = async () => {
    await navigator.clipboard.writeText(rows().map((row) => row.join("\t")).join("\n"));
    setCopied(true);
  };
  useEffect(() => heading.current.focus(), [codes]);
  return html`
    <section class="card section codes" aria-labelledby="codes-title">
      <div class="codes__head">
        <div><h2 id="codes-title" tabindex="-1" ref=${heading}>${plural(codes.length, "code", "codes")} for ${round.name}</h2><p class="aside">Shown once: they are kept nowhere. Print, copy or download them now.</p></div>
        <div class="about__acts">
          <button class="button" type="button" onClick=${() => window.print()}>Print</button>
          ${navigator.clipboard && html`<button class="button" type="button" onClick=${copy}><${Icon} name=${isCopied ? "check" : "copy"} size=${16} /><span aria-live="polite">${isCopied ? "Copied" : "Copy all"}</span></button>`}
          <button class="button" type="button" onClick=${() => download("codes.csv", toCsv(rows()))}><${Icon} name="download" size=${16} />CSV</button>
          <button class="button" type="button" onClick=${close}>Done</button>
        </div>
      </div>
      <ul class="codes__sheet">
        ${codes.map((one) => html`
          <li key=${one.entry} class="code-slip">
            <p class="code-slip__round">${round.name}</p>
            <p><strong><bdi>${one.name}</bdi></strong> <span class="aside">${one.number}</span></p>
            <p class="code-slip__code">${one.code}</p>
            <p class="code-slip__link">${one.url}</p>
          </li>
        `)}
      </ul>
    </section>
  `;
}
