/** A phone that feeds a board, for whoever scanned its code: large controls, what was sent, and for how long it goes on. */
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { Skeleton, Trouble } from "../frame/states.js";
import { Porch } from "../guests/door.js";
import { html } from "../lib/html.js";
import { forgetSecret, heldSecret } from "../lib/secret.js";
import { number, plural } from "../lib/text.js";
import { dayAndClock } from "../lib/time.js";
import { hasLight, useLight, useMotion, whyNoMotion } from "./motion.js";
import { Phone } from "./phone.js";

export function Sensor() {
  const [phone] = useState(() => new Phone());
  const [secret] = useState(heldSecret);
  const enter = () => phone.enter(secret);
  useEffect(() => {
    enter();
    forgetSecret();
    const again = () => phone.tryNow();
    window.addEventListener("online", again);
    document.addEventListener("visibilitychange", again);
    return () => {
      window.removeEventListener("online", again);
      document.removeEventListener("visibilitychange", again);
      phone.close();
    };
  }, []);
  const pass = phone.pass.value;
  return html`
    <${Porch} view="sensor" title=${pass ? `Phone ${pass.number}` : "Sensor"}>
      ${phone.ended.value && html`<${Over} phone=${phone} />`}
      ${!phone.ended.value && pass && html`<${Controls} phone=${phone} pass=${pass} />`}
      ${!phone.ended.value && !pass && (phone.problem.value ? html`<${Trouble} problem=${phone.problem.value} again=${enter} />` : html`<${Skeleton} rows=${1} />`)}
    <//>
  `;
}

const Over = ({ phone }) => html`
  <div role="status">
    <h2>${phone.pass.value ? "That was it. Thank you." : "This code has ended."}</h2>
    <p class="aside">${phone.pass.value ? "Its time is up, or it was withdrawn. This phone sends nothing any more." : "Scan the one that is shown now, or ask for a new one."}</p>
  </div>
`;

const Controls = ({ phone, pass }) => html`
  <header class="sensor__head">
    <h2><bdi>${pass.board.name}</bdi></h2>
    <p class="aside">You are phone ${pass.number}.</p>
  </header>
  <div class="sensor__controls">
    ${pass.controls.includes("button") && html`<${Button} phone=${phone} />`}
    ${pass.controls.includes("vote") && pass.poll && html`<${Vote} phone=${phone} poll=${pass.poll} />`}
    ${pass.controls.includes("motion") && html`<${Motion} phone=${phone} />`}
    ${pass.controls.includes("light") && hasLight() && html`<${Light} phone=${phone} />`}
  </div>
  <${Foot} phone=${phone} pass=${pass} />
`;

function Button({ phone }) {
  const press = () => {
    navigator.vibrate?.(10);
    phone.press();
  };
  return html`<button class="sensor__button" type="button" onClick=${press}><${Icon} name="circle-plus" size=${32} />Press<span>${number(phone.presses.value)}</span></button>`;
}

const Vote = ({ phone, poll }) => html`
  <section class="sensor__vote" aria-label="Vote">
    <h3>${poll.question}</h3>
    ${poll.options.map((option, index) => html`
      <button key=${index} class="sensor__option" type="button" aria-pressed=${phone.vote.value === index} onClick=${() => phone.choose(index)}>
        <bdi>${option}</bdi>${phone.vote.value === index && html`<${Icon} name="check" />`}
      </button>
    `)}
  </section>
`;

function Motion({ phone }) {
  const why = whyNoMotion();
  const [state, on, off] = useMotion((strength) => phone.moved(strength));
  if (why) return html`<p class="aside">${why}</p>`;
  return html`<${Stream} icon="smartphone" name="motion" state=${state} on=${on} off=${off} />`;
}

function Light({ phone }) {
  const [state, on, off] = useLight((lux) => phone.lit(lux));
  return html`<${Stream} icon="sun" name="light" state=${state} on=${on} off=${off} />`;
}

/** `state`: "off", "on", or why not. */
function Stream({ icon, name, state, on, off }) {
  if (state !== "on" && state !== "off") return html`<p class="aside" role="status">${state}</p>`;
  return html`
    <button class="sensor__stream" type="button" aria-pressed=${state === "on"} onClick=${state === "on" ? off : on}>
      <${Icon} name=${icon} size=${24} />${state === "on" ? `Sending ${name}. Press to stop.` : `Send ${name}`}
    </button>
  `;
}

function Foot({ phone, pass }) {
  const { times } = phone.sent.value;
  return html`
    <footer class="sensor__foot aside">
      ${phone.away.value
        ? html`<p role="status"><span class="dot dot--warn"></span>Not connected. It goes on by itself.</p>`
        : html`<p><span class="dot ${times ? "dot--good" : ""}"></span>${times ? `Sent ${plural(times, "time", "times")}` : "Nothing sent yet"}</p>`}
      ${phone.problem.value && html`<p class="form__error" role="alert">${phone.problem.value.message}</p>`}
      <p>Goes on until ${dayAndClock(pass.expires_at)}. This page sends, and reads nothing.</p>
    </footer>
  `;
}
