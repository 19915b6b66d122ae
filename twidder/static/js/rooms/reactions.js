/** Who felt what about a message. */
import { user } from "../accounts/session.js";
import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { AddReaction } from "./picker.js";

export function Reactions({ room, message }) {
  if (!message.reactions?.length) return null;
  const mayReact = room.canWrite.value;
  return html`
    <div class="reactions">
      ${message.reactions.map(({ emoji, users }) => {
        const mine = users.includes(user.value.id);
        return html`
          <button
            key=${emoji} class="reaction" type="button" aria-pressed=${mine} disabled=${!mayReact}
            aria-label="${emoji}, ${users.length}" onClick=${() => react(room, message, emoji)}
          ><span>${emoji}</span>${users.length}</button>
        `;
      })}
      ${mayReact && html`<${AddReaction} choose=${(emoji) => react(room, message, emoji)} small />`}
    </div>
  `;
}

export const react = (room, message, emoji) => room.react(message, emoji).catch((problem) => say(problem.message));
