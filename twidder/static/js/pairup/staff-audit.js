/** Who did what in a round, and when, the newest first. */
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { Section } from "../frame/section.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { get } from "../lib/http.js";
import { dayAndClock, full } from "../lib/time.js";
import { inWords } from "./staff-acts.js";

export function AuditPart({ model, side }) {
  const [page, setPage] = useState(null);
  const [problem, setProblem] = useState(null);
  const path = `/pairup/rounds/${model.round.value.id}/audit`;
  const load = () =>
    get(path).then((answer) => {
      setPage((old) => newer(answer, old));
      setProblem(null);
    }, setProblem);
  const earlier = () =>
    get(`${path}?before=${page.next}`).then(
      (answer) => setPage((old) => ({ items: [...old.items, ...answer.items.filter(({ id }) => id < old.items.at(-1).id)], next: answer.next })),
      (trouble) => say(trouble.message),
    );
  useEffect(() => void load(), [side.overview.value]);
  return html`
    <${Section} id="audit" title="What was done" text="Every change, by whom and when. It cannot be changed.">
      <a class="button button--pill" href="/api/v1${path}?format=csv" download="audit.csv"><${Icon} name="download" size=${16} />CSV</a>
      ${problem && html`<${Trouble} problem=${problem} again=${load} />`}
      ${!page && !problem && html`<${Skeleton} rows=${3} />`}
      ${page?.items.length === 0 && html`<${Empty}>Nothing yet.<//>`}
      ${page && html`<ul class="audit">
        ${page.items.map((line) => html`<li key=${line.id}><time title=${full(line.at)}>${dayAndClock(line.at)}</time><span><strong><bdi>${line.by ?? "By the clock:"}</bdi></strong> <bdi>${inWords(line, model, side.entries.value)}</bdi></span></li>`)}
      </ul>`}
      ${page?.next && html`<button class="button" type="button" onClick=${earlier}>Earlier</button>`}
    <//>
  `;
}

/** What has come since, before what is shown; where there is a gap between them, only the new. */
function newer(answer, old) {
  const known = old ? answer.items.findIndex(({ id }) => id === old.items[0]?.id) : -1;
  return known < 0 ? answer : { items: [...answer.items.slice(0, known), ...old.items], next: old.next };
}
