/** A new board: its name, the address that follows from it, and who sees it. */
import { useState } from "preact/hooks";
import { Dialog, open } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";
import { go } from "../lib/router.js";
import { length } from "../lib/text.js";
import { Audience } from "./audience.js";
import { pathOf, put } from "./known.js";

const NAME_LIMIT = 64;

/** `room`: where it is to be shown. */
export const openNewBoard = ({ room = null } = {}) => open(NewBoard, { room });

export function checkName(name) {
  if (!name.trim()) return { name: "Write a name." };
  return length(name.trim()) > NAME_LIMIT ? { name: `At most ${NAME_LIMIT} characters.` } : {};
}

/** As the server makes it from a name, unless it is taken; where not everybody may know of it, with a tail that nobody guesses. */
export function addressOf(name) {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 48);
}

function NewBoard({ room: start, close }) {
  const [seen, setSeen] = useState({ audience: start === null ? "members" : "room", room: start });
  const form = useForm({
    start: { name: "", description: "" },
    check: ({ name }) => checkName(name),
    send: async ({ name, description }) => {
      const { audience, room } = seen;
      const made = await post("/boards", { name: name.trim(), description: description.trim(), audience, ...(room !== null && { room }) });
      put(made);
      close();
      go(pathOf(made.board));
    },
  });
  const address = addressOf(form.values.name);
  return html`
    <${Dialog} title="New board">
      <${Form} form=${form}>
        <${Field}
          form=${form} name="name" label="Name" placeholder="Weather" autocomplete="off" maxlength=${NAME_LIMIT}
          hint=${address ? `${window.location.host}/boards/${address}${seen.audience === "members" ? "" : "-…"}` : "Its address is made from it."}
        />
        <${Field} form=${form} name="description" label="What does it show?" hint="One line. May stay empty." autocomplete="off" />
        <${Audience} ...${seen} change=${setSeen} />
        <${Submit} form=${form}>Create board<//>
      <//>
    <//>
  `;
}
