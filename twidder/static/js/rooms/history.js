/** For moderators: what a message said before it was edited. */
import { useEffect, useState } from "preact/hooks";
import { Dialog, open } from "../frame/dialog.js";
import { Skeleton, Trouble } from "../frame/states.js";
import { get } from "../lib/http.js";
import { html } from "../lib/html.js";
import { dayAndClock } from "../lib/time.js";

export const openHistory = (message) => open(History, { message });

function History({ message }) {
  const [versions, setVersions] = useState(null);
  const [problem, setProblem] = useState(null);
  const load = () => {
    setProblem(null);
    get(`/messages/${message.id}/history`).then(({ items }) => setVersions(items), setProblem);
  };
  useEffect(load, []);
  return html`
    <${Dialog} title="Edit history">
      ${problem && html`<${Trouble} problem=${problem} again=${load} />`}
      ${!problem && !versions && html`<${Skeleton} rows=${2} />`}
      <ol class="versions">
        ${versions?.map(({ text, at }, index) => html`<li key=${index}><p class="aside">Until ${dayAndClock(at)}</p><p dir="auto">${text}</p></li>`)}
        ${versions && html`<li><p class="aside">Now</p><p dir="auto">${message.text}</p></li>`}
      </ol>
    <//>
  `;
}
