/** Above the first message. */
import { html } from "../lib/html.js";
import { full } from "../lib/time.js";
import { Avatar } from "../frame/avatar.js";
import { Icon } from "../frame/icon.js";
import { iconOf } from "./names.js";

export function Beginning({ room }) {
  const { kind, people = [], created_at, description } = room.room.value;
  return html`
    <div class="beginning">
      ${kind === "dm"
        ? html`<span class="beginning__faces">${people.slice(0, 3).map((person) => html`<${Avatar} key=${person.id} person=${person} size="large" />`)}</span>`
        : html`<span class="beginning__glyph"><${Icon} name=${iconOf(room.room.value)} size=${24} /></span>`}
      <h2><bdi>${room.name}</bdi></h2>
      <p title=${full(created_at)}>${kind === "dm" ? "Only the people in this conversation can read it." : description || "This is where the room begins. Say the first word."}</p>
    </div>
  `;
}
