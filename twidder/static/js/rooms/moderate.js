/** What the moderators of a room decide about it. */
import { useState } from "preact/hooks";
import { Choices, Switch } from "../frame/choices.js";
import { Dialog, open } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { patch } from "../lib/http.js";
import { html } from "../lib/html.js";
import { AuditList } from "../moderation/audit.js";
import { Bans } from "./bans.js";
import { DoorLink } from "./door-link.js";
import { checkName, KINDS } from "./new-room.js";
import { shelved } from "./shelf.js";

const SLOW = [[0, "Off"], [10, "10 seconds"], [30, "30 seconds"], [60, "1 minute"], [300, "5 minutes"]];

export const openModeration = (id) => open(Moderate, { id });

function Moderate({ id }) {
  const room = shelved(id).room.value;
  const change = (changes, done = "Saved") => patch(`/rooms/${id}`, changes).then(() => say(done), (problem) => say(`Not saved. ${problem.message}`));
  if (room.archived) return html`<${Dialog} title="Manage ${room.name}"><${Archive} room=${room} change=${change} /><//>`;
  return html`
    <${Dialog} title="Manage ${room.name}">
      <${Names} room=${room} />
      <${Part} title="Who may come in"><${Choices} legend="Who may come in" name="kind" options=${KINDS} value=${room.kind} choose=${(kind) => change({ kind })} /><//>
      ${room.kind === "walkin" && html`<${Door} room=${room} change=${change} />`}
      <${Part} title="Pace">
        <label class="about__level"><span>Slow mode: one message each</span>
          <select value=${room.slow_seconds ?? 0} onChange=${({ target }) => change({ slow_seconds: Number(target.value) })}>
            ${SLOW.map(([seconds, words]) => html`<option key=${seconds} value=${seconds}>${words}</option>`)}
          </select>
        </label>
      <//>
      <${Bans} room=${room} />
      <${Done} id=${id} />
      <${Archive} room=${room} change=${change} />
    <//>
  `;
}

/** Asked for when it is opened, so that it tells of what was done a moment ago. */
function Done({ id }) {
  const [open, setOpen] = useState(false);
  return html`
    <details class="part" onToggle=${({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>What was done here</summary>
      ${open && html`<${AuditList} path="/rooms/${id}/audit" />`}
    </details>
  `;
}

const Part = ({ title, children }) => html`<section class="part"><h3>${title}</h3>${children}</section>`;

const Door = ({ room, change }) => html`
  <${Part} title="Door for guests">
    <${DoorLink} room=${room} />
    <${Switch} title="Guests knock" text="They wait until a moderator lets them in." on=${Boolean(room.knock)} turn=${(knock) => change({ knock })} />
    <${Switch} title="The courses’ chat clients" text="Tutorial 12 and Socket.IO programs may sit in this room as guests." on=${Boolean(room.gateways)} turn=${(gateways) => change({ gateways })} />
  <//>
`;

function Names({ room }) {
  const form = useForm({
    start: { name: room.name, description: room.description },
    check: ({ name }) => checkName(name),
    send: async ({ name, description }) => {
      await patch(`/rooms/${room.id}`, { name: name.trim(), description: description.trim() });
      say("Saved");
    },
  });
  return html`
    <${Form} form=${form}>
      <${Field} form=${form} name="name" label="Name" autocomplete="off" />
      <${Field} form=${form} name="description" label="What is it for?" autocomplete="off" />
      <${Submit} form=${form} quiet>Save<//>
    <//>
  `;
}

const Archive = ({ room, change }) => html`
  <section class="part">
    <h3>${room.archived ? "This room is archived" : "Archive"}</h3>
    <p class="aside">${room.archived ? "It can be read, and nothing in it can be changed." : "It can still be read, and nobody can write in it."}</p>
    <button class="button" type="button" onClick=${() => change({ archived: !room.archived }, room.archived ? "The room is open again" : "Room archived")}>
      ${room.archived ? "Open it again" : "Archive room"}
    </button>
  </section>
`;
