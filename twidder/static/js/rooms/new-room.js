/** A new room: its name, what it is for, who may come in. */
import { useState } from "preact/hooks";
import { Choices } from "../frame/choices.js";
import { Dialog, open } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { go } from "../lib/router.js";
import { length } from "../lib/text.js";
import { put } from "./shelf.js";

export const KINDS = [
  ["open", "Open", "Everybody here may read and join."],
  ["members", "Members only", "By invitation. Nobody else sees it."],
  ["walkin", "Walk-in", "Open, and guests may come in by a link, without an account."],
];
const NAME_LIMIT = 64;

export const openNewRoom = () => open(NewRoom);

export function checkName(name) {
  if (!name.trim()) return { name: "Write a name." };
  return length(name.trim()) > NAME_LIMIT ? { name: `At most ${NAME_LIMIT} characters.` } : {};
}

function NewRoom({ close }) {
  const [kind, setKind] = useState("open");
  const form = useForm({
    start: { name: "", description: "" },
    check: ({ name }) => checkName(name),
    send: async ({ name, description }) => {
      const room = await post("/rooms", { name: name.trim(), kind, description: description.trim() });
      put(room);
      close();
      go(`/rooms/${room.id}`);
    },
  });
  return html`
    <${Dialog} title="New room">
      <${Form} form=${form}>
        <${Field} form=${form} name="name" label="Name" placeholder="lab-3" autocomplete="off" maxlength=${NAME_LIMIT} />
        <${Field} form=${form} name="description" label="What is it for?" hint="One line, shown beside the name." autocomplete="off" />
        <${Choices} legend="Who may come in" name="kind" options=${KINDS} value=${kind} choose=${setKind} />
        <${Submit} form=${form}>Create room<//>
      <//>
    <//>
  `;
}
