import { say } from "../frame/toast.js";
import { html } from "../lib/html.js";
import { follow, follows, followsMe, isFollowed, unfollow } from "./follows.js";

/** Follow, or Following; whether it is mutual stands beside it. */
export function FollowButton({ person }) {
  if (!follows.value) return null;
  const on = isFollowed(person.id);
  const turn = () => (on ? unfollow : follow)(person.id).catch((problem) => say(problem.message));
  return html`
    <button class="button button--pill ${on ? "" : "button--primary"}" type="button" aria-pressed=${on} onClick=${turn}>${on ? "Following" : "Follow"}</button>
    ${followsMe(person.id) && html`<span class="aside">Follows you</span>`}
  `;
}
