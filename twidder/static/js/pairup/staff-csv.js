/** A table to paste or to choose as a file. It is checked while one looks, and what is wrong stands beside its line. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";
import { plural } from "../lib/text.js";

/** After the last key, ms. */
const PATIENCE = 500;
const LARGEST = 1_048_576;
const LINE = 20;

/**
 * `check(csv)` → promise of what would change (left out: only `send` tells) · `words(answer)` of it ·
 * `send(csv)` → promise · `button(answer)`: words
 */
export function CsvField({ label, hint, example, check, words, send, button }) {
  const id = useId();
  const area = useRef(null);
  const [csv, setCsv] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [checked, setChecked] = useChecked(csv, check);
  const wrong = checked?.problem?.lines ?? [];
  const store = async () => {
    setBusy(true);
    try {
      await send(csv);
      setCsv("");
    } catch (problem) {
      setChecked({ problem });
    }
    setBusy(false);
  };
  const choose = (file) => read(file).then(setCsv, (problem) => setChecked({ problem }));
  const dropped = (event) => {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    choose(file);
  };
  return html`
    <div class="csv">
      <div class="csv__head">
        <label for=${id}>${label}</label>
        <label class="button button--pill csv__file">
          <${Icon} name="file" size=${16} />Choose a file<input class="visually-hidden" type="file" accept=".csv,.txt,text/csv" onChange=${({ target }) => (target.files[0] && choose(target.files[0]), (target.value = ""))} />
        </label>
      </div>
      <div class="csv__text" onDrop=${dropped} onDragOver=${(event) => event.preventDefault()}>
        <${Gutter} area=${area} csv=${csv} wrong=${wrong} />
        <textarea
          id=${id} ref=${area} rows="9" wrap="off" spellcheck=${false} autocomplete="off" placeholder=${example} value=${csv} aria-describedby="${id}-hint"
          aria-invalid=${checked?.problem ? "true" : undefined} onInput=${({ target }) => setCsv(target.value)}
        ></textarea>
      </div>
      <p class="field__hint" id="${id}-hint">${hint}</p>
      <div role="status">
        ${checked?.answer && html`<p class="csv__good"><${Icon} name="check" size=${16} />${words(checked.answer)}</p>`}
        ${checked?.problem && html`<${Faults} problem=${checked.problem} show=${(line) => select(area.current, line)} />`}
      </div>
      ${csv.trim() && html`<div class="about__acts">
        <button class="button button--primary" type="button" disabled=${!checked || !!checked.problem} data-busy=${isBusy} onClick=${() => !isBusy && store()}>${button(checked?.answer)}</button>
        <button class="button" type="button" onClick=${() => setCsv("")}>Clear</button>
      </div>`}
    </div>
  `;
}

/** [{ answer } or { problem } or null while it is not known, set] */
function useChecked(csv, check) {
  const [checked, setChecked] = useState(null);
  useEffect(() => {
    setChecked(null);
    if (!csv.trim()) return;
    if (!check) return setChecked({});
    let isStale = false;
    const tell = (result) => isStale || setChecked(result);
    const timer = setTimeout(() => check(csv).then((answer) => tell({ answer }), (problem) => tell({ problem })), PATIENCE);
    return () => ((isStale = true), clearTimeout(timer));
  }, [csv]);
  return [checked, setChecked];
}

/** The numbers of the lines; they scroll with the text. */
function Gutter({ area, csv, wrong }) {
  const own = useRef(null);
  const lines = csv.split("\n").length;
  const bad = new Set(wrong.map(({ line }) => line));
  useEffect(() => {
    const text = area.current;
    const follow = () => own.current && (own.current.scrollTop = text.scrollTop);
    text.addEventListener("scroll", follow);
    return () => text.removeEventListener("scroll", follow);
  }, []);
  return html`
    <div class="csv__gutter" ref=${own} aria-hidden="true">
      ${Array.from({ length: Math.max(lines, 1) }, (_, index) => html`<span key=${index} data-bad=${bad.has(index + 1)}>${index + 1}</span>`)}
    </div>
  `;
}

const Faults = ({ problem, show }) => html`
  <div class="csv__faults">
    <p class="field__error">${problem.lines?.length ? `${plural(problem.lines.length, "line needs", "lines need")} another look. Nothing is imported.` : problem.message}</p>
    ${problem.lines?.length > 0 && html`<ul>
      ${problem.lines.map(({ line, field, detail }) => html`<li key="${line} ${field} ${detail}"><button class="text-button" type="button" onClick=${() => show(line)}>Line ${line}</button> <strong>${field}</strong> <bdi>${detail}</bdi></li>`)}
    </ul>`}
  </div>
`;

function select(text, line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  text.scrollTop = (line - 3) * LINE;
}

/** Spreadsheets on Windows still write Windows-1252. */
async function read(file) {
  if (file.size > LARGEST) throw { message: "This file is larger than 1 MB." };
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
