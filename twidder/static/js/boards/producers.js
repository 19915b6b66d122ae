/** "Feed this board": who may write to it, and the lines that do. A token is shown once. */
import { useEffect, useState } from "preact/hooks";
import { Copyable } from "../frame/copy.js";
import { Dialog, open } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { Skeleton, Trouble } from "../frame/states.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { get, post, remove } from "../lib/http.js";
import { ago, full } from "../lib/time.js";

export const openProducers = (board) => open(Producers, { board });

function Producers({ board }) {
  const [found, setFound] = useState({ items: null, problem: null });
  const [made, setMade] = useState(null);
  const path = `/boards/${board.id}/producers`;
  const load = () => get(path).then(({ items }) => setFound({ items, problem: null }), (problem) => setFound((old) => ({ ...old, problem })));
  useEffect(() => void load(), []);
  const show = (answer) => {
    setMade(answer);
    load();
  };
  const revoke = ({ id, name }) =>
    remove(`${path}/${id}`).then(
      () => {
        if (made?.producer.id === id) setMade(null);
        say(`${name} can write no more`);
        load();
      },
      (problem) => say(`${name} can still write. ${problem.message}`),
    );
  return html`
    <${Dialog} title="Feed this board">
      <p class="aside">Each program gets a token of its own: it can write to this board, and read nothing. Series appear with their first value.</p>
      <${Make} path=${path} made=${show} />
      ${made && html`<${Lines} key=${made.producer.id} board=${board} made=${made} />`}
      ${found.problem && html`<${Trouble} problem=${found.problem} again=${load} />`}
      ${!found.items && !found.problem && html`<${Skeleton} rows=${1} />`}
      ${found.items?.length > 0 && html`<ul class="feeders" aria-label="Who may write">${found.items.map((one) => html`<${One} key=${one.id} producer=${one} revoke=${revoke} />`)}</ul>`}
    <//>
  `;
}

function Make({ path, made }) {
  const form = useForm({
    start: { name: "" },
    check: ({ name }) => (name.trim() ? {} : { name: "What will write? A name for the list." }),
    send: async ({ name }) => {
      made(await post(path, { name: name.trim() }));
      form.clear();
    },
  });
  return html`
    <${Form} form=${form}>
      <${Field} form=${form} name="name" label="What writes" placeholder="Thermometer in the lab" autocomplete="off" maxlength="64" />
      <${Submit} form=${form} quiet>Make a token<//>
    <//>
  `;
}

/** For a shell, for Python, and for what a program prints line by line. */
function Lines({ board, made: { producer, token, curl } }) {
  const values = `${window.location.origin}/api/v1/boards/${board.slug}/values`;
  const python = `python3 -c 'from urllib.request import Request, urlopen; urlopen(Request("${values}", b"temp=21.5", {"Authorization": "Bearer ${token}"}))'`;
  const pipe = `vmstat 1 | TWIDDER_URL=${window.location.origin} TWIDDER_TOKEN=${token} twidder push ${board.slug}`;
  return html`
    <section class="lines" aria-label="Token of ${producer.name}">
      <h3>The token of ${producer.name}</h3>
      <p class="aside">Shown once. Copy it, or one of the lines with it, before you close this.</p>
      <${Copyable} text=${token} label="Token" />
      <p class="aside">From a shell:</p>
      <${Copyable} text=${curl} label="From a shell" />
      <p class="aside">From Python:</p>
      <${Copyable} text=${python} label="From Python" />
      <p class="aside">What a program prints, line by line:</p>
      <${Copyable} text=${pipe} label="From a pipe" />
    </section>
  `;
}

const One = ({ producer, revoke }) => html`
  <li class="feeder">
    <span class="feeder__name"><bdi>${producer.name}</bdi><span class="aside">${used(producer)}</span></span>
    <button class="button" type="button" aria-label="Revoke ${producer.name}" onClick=${() => revoke(producer)}>Revoke</button>
  </li>
`;

const used = ({ used_at: at }) => (at ? html`<span title=${full(at)}>last wrote ${ago(at)}</span>` : "has not written yet");
