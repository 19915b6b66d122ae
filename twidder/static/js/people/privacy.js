/** Who sees my wall, who may write to me, and the name by which others mention me. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { user, whenLeaving } from "../accounts/session.js";
import { Choices } from "../frame/choices.js";
import { Field, Form, Submit } from "../frame/field.js";
import { Skeleton } from "../frame/states.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { get, patch } from "../lib/http.js";
import { html } from "../lib/html.js";
import { live } from "../live/socket.js";

const WALL = [
  ["members", "Members", "Everybody who has an account here."],
  ["mutual", "Mutual follows", "People whom you follow and who follow you. A follow that ends, ends it at once."],
];
const WRITERS = [
  ["everyone", "Everyone here", "Any member may begin a conversation with you."],
  ["known", "People you know", "Members of a common room, and mutual follows."],
  ["mutual", "Mutual follows", "People whom you follow and who follow you."],
  ["nobody", "Nobody", "You can still write to others."],
];

const NEW_ONLY = { seq: null, epoch: null };
const privacy = signal(null);
const load = async () => {
  privacy.value = await get("/me/privacy");
};
whenLeaving(() => (privacy.value = null));

/** Loaded while it is shown, and what another tab changes with it. */
function keep() {
  const apply = ({ event, data }) => event === "privacy.changed" && (privacy.value = data);
  const leave = live.topics.follow("me", { ...NEW_ONLY, apply, reload: () => load().then(() => NEW_ONLY) });
  load().catch(() => {});
  return leave;
}

const change = (changes) => patch("/me/privacy", changes).then((now) => ((privacy.value = now ?? { ...privacy.value, ...changes }), say("Saved")), (problem) => say(`Not saved. ${problem.message}`));

export function Privacy() {
  useEffect(keep, []);
  if (!privacy.value) return html`<${Skeleton} rows=${1} />`;
  return html`
    <h3>Who sees your wall</h3>
    <${Choices} legend="Who sees your wall" name="wall" options=${WALL} value=${privacy.value.wall} choose=${(wall) => change({ wall })} />
    <h3>Who may write to you</h3>
    <${Choices} legend="Who may write to you" name="write_to_me" options=${WRITERS} value=${privacy.value.write_to_me} choose=${(write_to_me) => change({ write_to_me })} />
  `;
}

export function Handle() {
  const form = useForm({
    start: { handle: user.value.handle ?? "" },
    check: ({ handle }) => (handle.trim() ? {} : { handle: "Write a name, such as ada." }),
    send: async ({ handle }) => {
      user.value = await patch("/me", { handle: handle.trim().replace(/^@/, "") });
      say("Saved");
    },
  });
  return html`
    <${Form} form=${form}>
      <${Field} form=${form} name="handle" label="Handle" hint="Others mention you by it: @${form.values.handle || "ada"}" autocomplete="off" autocapitalize="none" spellcheck=${false} />
      <${Submit} form=${form} quiet>Save handle<//>
    <//>
  `;
}
