/** "Phone as a sensor": a QR code whose scanners feed the board, and those codes that are in force. */
import { useEffect, useState } from "preact/hooks";
import { Switch } from "../frame/choices.js";
import { Dialog, open } from "../frame/dialog.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { get, post, remove } from "../lib/http.js";
import { plural } from "../lib/text.js";
import { dayAndClock } from "../lib/time.js";
import { Made } from "./share.js";

const CONTROLS = [
  ["button", "Button", "Counts each press."],
  ["vote", "Vote", "In a poll of this board."],
  ["motion", "Motion", "How strongly the phone is moved, in m/s²."],
  ["light", "Light", "How bright it is, in lux, where the phone tells."],
];
const NAMES = Object.fromEntries(CONTROLS);
const TIMES = [[1_800, "half an hour"], [7_200, "two hours"], [14_400, "four hours"]];

/** `board`: a signal of the Board. */
export const openSensors = (board) => open(Sensors, { board });

function Sensors({ board }) {
  const [items, setItems] = useState([]);
  const [made, setMade] = useState(null);
  const path = `/boards/${board.value.id}/sensors`;
  const load = () => get(path).then((found) => setItems(found.items), (problem) => say(problem.message));
  useEffect(() => {
    load();
    const timer = setInterval(load, 5_000);
    return () => clearInterval(timer);
  }, []);
  const show = (link) => {
    setMade(link);
    load();
  };
  const withdraw = (id) =>
    remove(`${path}/${id}`).then(() => {
      if (made?.id === id) setMade(null);
      say("Withdrawn. Its phones send no more.");
      load();
    }, (problem) => say(problem.message));
  return html`
    <${Dialog} title="Phone as a sensor">
      <p class="aside">Whoever scans the code sends to this board from a phone, without an account. It can read nothing.</p>
      ${made ? html`<${Made} key=${made.url} link=${made} label="Sensor link" />` : html`<${Make} board=${board.value} path=${path} made=${show} />`}
      ${items.length > 0 && html`<ul class="feeders" aria-label="Codes in force">${items.map((one) => html`<${One} key=${one.id} link=${one} withdraw=${withdraw} />`)}</ul>`}
      ${made && html`<div><button class="button" type="button" onClick=${() => setMade(null)}>Make another</button></div>`}
    <//>
  `;
}

function Make({ board, path, made }) {
  const polls = board.tiles.filter(({ kind }) => kind === "poll");
  const [chosen, setChosen] = useState(new Set(["button"]));
  const [poll, setPoll] = useState(polls[0]?.id ?? null);
  const [seconds, setSeconds] = useState(TIMES[1][0]);
  const [problem, setProblem] = useState(null);
  const turn = (control, on) => setChosen((old) => new Set(on ? [...old, control] : [...old].filter((one) => one !== control)));
  const make = () => post(path, { controls: [...chosen], seconds, ...(chosen.has("vote") && { poll }) }).then(made, setProblem);
  return html`
    <div>
      ${CONTROLS.map(([control, title, text]) => control !== "vote" || polls.length
        ? html`<${Switch} key=${control} title=${title} text=${text} on=${chosen.has(control)} turn=${(on) => turn(control, on)} />`
        : html`<${Switch} key=${control} title=${title} text="There is no poll on this board yet." on=${false} disabled />`)}
    </div>
    ${chosen.has("vote") && polls.length > 1 && html`
      <label class="about__level"><span>Which poll</span>
        <select value=${poll} onChange=${({ target }) => setPoll(target.value)}>${polls.map((tile) => html`<option key=${tile.id} value=${tile.id}>${tile.text || tile.title}</option>`)}</select>
      </label>`}
    <label class="about__level"><span>Good for</span>
      <select value=${seconds} onChange=${({ target }) => setSeconds(Number(target.value))}>${TIMES.map(([value, words]) => html`<option key=${value} value=${value}>${words}</option>`)}</select>
    </label>
    ${(chosen.has("motion") || chosen.has("light")) && !window.isSecureContext && html`<p class="aside">Phones give motion and light to pages over https alone. This place is reached by http: only the button and the vote will work.</p>`}
    ${problem && html`<p class="form__error" role="alert">${problem.message}</p>`}
    <div><button class="button button--primary" type="button" disabled=${!chosen.size} onClick=${make}>Make a code</button></div>
  `;
}

const One = ({ link, withdraw }) => html`
  <li class="feeder">
    <span class="feeder__name">
      ${link.controls.map((control) => NAMES[control]).join(", ")}
      <span class="aside">${plural(link.phones, "phone", "phones")}, until ${dayAndClock(link.expires_at)}</span>
    </span>
    <button class="button" type="button" onClick=${() => withdraw(link.id)}>Withdraw</button>
  </li>
`;
