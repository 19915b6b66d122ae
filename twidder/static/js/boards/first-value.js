/** A board that has no values yet: the one line to paste. Whoever draws it leaves it out when the first value comes. */
import { useState } from "preact/hooks";
import { Copyable } from "../frame/copy.js";
import { Empty } from "../frame/states.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";

/** `mayArrange`: I may make a token for it. */
export function FirstValue({ board, mayArrange }) {
  const [made, setMade] = useState(null);
  const [problem, setProblem] = useState(null);
  const make = () => post(`/boards/${board.id}/producers`, { name: "First value" }).then(setMade, setProblem);
  if (!mayArrange) return html`<${Empty}>No values yet. They appear here as they come.<//>`;
  if (made) return html`<${Line} made=${made} />`;
  const button = html`<button class="button button--primary" type="button" onClick=${make}>Show me the line</button>`;
  return html`
    <div class="first-value">
      <${Empty} action=${button}>No values yet. One line in a terminal brings the first.<//>
      ${problem && html`<p class="form__error" role="alert">${problem.message}</p>`}
    </div>
  `;
}

const Line = ({ made }) => html`
  <section class="first-value card" aria-label="The first value">
    <h2>Paste this into a terminal</h2>
    <${Copyable} text=${made.curl} label="The line to paste" />
    <p class="aside">The token in it can write to this board and read nothing. It is shown once; more are under “Feed this board”.</p>
    <p class="first-value__wait" role="status"><span class="waiting__dot" aria-hidden="true"></span>Waiting for the first value</p>
  </section>
`;
