/** The people of a room, by name, a page at a time; who may, invites, mutes, removes and gives roles here. */
import { useEffect, useState } from "preact/hooks";
import { user } from "../accounts/session.js";
import { Dialog, open } from "../frame/dialog.js";
import { Avatar } from "../frame/avatar.js";
import { Skeleton, Trouble } from "../frame/states.js";
import { say } from "../frame/toast.js";
import { get, put } from "../lib/http.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";
import { PeoplePicker } from "../people/picker.js";
import { MemberActs } from "./member-acts.js";
import { nameOf } from "./names.js";
import { isModerator } from "./rights.js";
import { shelved } from "./shelf.js";

const PAUSE = 150;

export const openMembers = (id) => open(Members, { id });

function Members({ id }) {
  const one = shelved(id);
  const room = one.room.value;
  const [query, setQuery] = useState("");
  const [{ items, next, problem }, more, again] = useMembers(one, query, room.members);
  const here = new Set(one.presence.value?.here.map((person) => person.id));
  return html`
    <${Dialog} title=${room.kind === "dm" ? "In this conversation" : `Members of ${nameOf(room)}`} tall>
      ${room.kind !== "dm" && !room.archived && html`<${Invite} room=${room} done=${again} />`}
      ${room.members > 8 && html`<input class="filter" type="search" placeholder="Search members" aria-label="Search members" value=${query} onInput=${(event) => setQuery(event.target.value)} />`}
      ${problem && html`<${Trouble} problem=${problem} again=${again} />`}
      ${!items && !problem && html`<${Skeleton} rows=${3} />`}
      <ul class="members" aria-label="Members">
        ${items?.map((member) => html`<${Member} key=${member.user.id} one=${one} member=${member} here=${here.has(member.user.id)} changed=${again} />`)}
      </ul>
      ${next && html`<button class="button" type="button" onClick=${more}>Show more</button>`}
    <//>
  `;
}

function Member({ one, member, here, changed }) {
  const { user: person, role, state, handle } = member;
  const isMuted = member.muted_until > Date.now();
  const marks = [person.guest ? "guest" : role === "member" ? "" : role, state === "in" ? "" : state, isMuted ? "muted" : ""].filter(Boolean);
  return html`
    <li class="member">
      <${Avatar} person=${person} size="small" here=${here} />
      <span class="member__name">
        ${person.guest ? html`<bdi>${fullName(person)}</bdi>` : html`<a href="/people/${person.id}">${fullName(person)}</a>`}
        ${handle && html`<span class="aside">@${handle}</span>`}
      </span>
      ${marks.length > 0 && html`<span class="aside">${marks.join(", ")}</span>`}
      ${isModerator(one) && person.id !== user.value.id && html`<${MemberActs} one=${one} member=${member} changed=${changed} />`}
    </li>
  `;
}

function Invite({ room, done }) {
  const [chosen, setChosen] = useState([]);
  const [problem, setProblem] = useState(null);
  const invite = async (event) => {
    event.preventDefault();
    try {
      for (const person of chosen) await put(`/rooms/${room.id}/members/${person.id}`, {});
      say(`${chosen.map(({ firstname }) => firstname).join(", ")} ${chosen.length === 1 ? "is" : "are"} invited`);
      setChosen([]);
      setProblem(null);
    } catch (trouble) {
      setProblem(trouble);
    }
    done();
  };
  return html`
    <form class="form form--row" onSubmit=${invite}>
      <${PeoplePicker} label="Invite" chosen=${chosen} change=${setChosen} except=${[user.value.id]} whenAsked />
      ${chosen.length > 0 && html`<button class="button button--primary" type="submit">Invite</button>`}
      ${problem && html`<p class="form__error" role="alert">${problem.message}</p>`}
    </form>
  `;
}

/** [{ items, next, problem }, load more, load again]. `count`: when it changes, somebody came or went. */
function useMembers(one, query, count) {
  const id = one.id;
  const invited = isModerator(one) ? "&invited=true" : "";
  const [found, setFound] = useState({ items: null, next: null, problem: null });
  const page = (after) => get(`/rooms/${id}/members?q=${encodeURIComponent(query.trim())}${invited}${after ? `&after=${encodeURIComponent(after)}` : ""}`);
  const fail = (problem) => setFound((old) => ({ ...old, problem }));
  const again = () => page().then(({ items, next }) => setFound({ items, next, problem: null }), fail);
  const more = () => page(found.next).then(({ items, next }) => setFound({ items: [...found.items, ...items], next, problem: null }), fail);
  useEffect(() => {
    const timer = setTimeout(again, found.items ? PAUSE : 0);
    return () => clearTimeout(timer);
  }, [id, query, count]);
  return [found, more, again];
}
