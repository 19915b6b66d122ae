/** Behind a guest link: whose room it is, one field, one button. */
import { useEffect, useState } from "preact/hooks";
import { phase, resume, user } from "../accounts/session.js";
import { UsedUp } from "../accounts/used-up.js";
import { Field, Form, Submit } from "../frame/field.js";
import { Tile } from "../frame/tile.js";
import { useTitle } from "../frame/title.js";
import { Skeleton, Trouble } from "../frame/states.js";
import { placeName } from "../accounts/community.js";
import { useForm } from "../lib/form.js";
import { post } from "../lib/http.js";
import { html } from "../lib/html.js";
import { go } from "../lib/router.js";
import { forgetSecret, heldSecret } from "../lib/secret.js";
import { fullName, length, plural } from "../lib/text.js";

const NAME_LIMIT = 32;
const NAME = "twidder.guest-name";

export function GuestDoor() {
  const [secret] = useState(heldSecret);
  const [door, setDoor] = useState(null);
  const [problem, setProblem] = useState(null);
  const look = () => {
    setProblem(null);
    if (secret) post("/guest-door", { secret }).then(setDoor, setProblem);
  };
  useEffect(look, []);
  return html`
    <${Porch} title=${door?.room.name ?? "Guest"}>
      ${!secret && html`<${UsedUp} />`}
      ${problem && html`<${NoDoor} problem=${problem} again=${look} />`}
      ${secret && !door && !problem && html`<${Skeleton} rows=${1} />`}
      ${door && (phase.value === "in" && !user.value.guest ? html`<${AsMyself} door=${door} />` : html`<${Enter} door=${door} secret=${secret} />`)}
    <//>
  `;
}

/** One card in the middle, and nothing else. */
export function Porch({ title, view = "guest", children }) {
  useTitle(title);
  return html`
    <main id="content" class="porch" tabindex="-1" data-view=${view}>
      <div class="brand"><${Tile} /><span>${placeName()}</span></div>
      <section class="door__card card">${children}</section>
    </main>
  `;
}

const NoDoor = ({ problem, again }) =>
  problem.status === 403
    ? html`<h2>This door is closed.</h2><p class="aside">The link has ended. Ask whoever sent it for a new one.</p>`
    : html`<${Trouble} problem=${problem} again=${again} />`;

const About = ({ door: { room, host, here } }) => html`
  <h2><bdi>${room.name}</bdi></h2>
  ${room.description && html`<p class="aside">${room.description}</p>`}
  <p class="porch__facts aside">
    ${host && html`<span>Hosted by ${fullName(host)}</span>`}
    ${here > 0 && html`<span class="here"><span class="dot dot--good"></span>${plural(here, "person", "people")} here now</span>`}
  </p>
`;

function Enter({ door, secret }) {
  const form = useForm({
    start: { name: localStorage.getItem(NAME) ?? "" },
    check: ({ name }) => {
      if (!name.trim()) return { name: "Write a name for the others to call you by." };
      return length(name.trim()) > NAME_LIMIT ? { name: `At most ${NAME_LIMIT} characters.` } : {};
    },
    send: async ({ name }) => {
      await post("/guest-passes", { secret, name: name.trim() });
      localStorage.setItem(NAME, name.trim());
      await resume();
      forgetSecret();
    },
  });
  return html`
    <${About} door=${door} />
    <${Form} form=${form}>
      <${Field} form=${form} name="name" label="Your name here" autocomplete="nickname" maxlength=${NAME_LIMIT} autofocus />
      <${Submit} form=${form} wide>${door.knock ? "Knock" : "Join"}<//>
    <//>
  `;
}

/** A member needs no pass. */
function AsMyself({ door }) {
  const enter = () => {
    forgetSecret();
    go(`/rooms/${door.room.id}`);
  };
  return html`
    <${About} door=${door} />
    <button class="button button--primary button--wide" type="button" onClick=${enter}>Enter as ${fullName(user.value)}</button>
  `;
}
