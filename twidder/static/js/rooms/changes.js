/** What happens to a message, as plain functions of it. Pure. */

export const without = (message) => ({ ...message, text: "", files: [], reactions: [], mentions: {}, reply_to: undefined, deleted: true });

export function withReaction(message, emoji, person, on) {
  const others = (message.reactions ?? []).find((one) => one.emoji === emoji)?.users.filter((id) => id !== person) ?? [];
  const users = on ? [...others, person] : others;
  const known = (message.reactions ?? []).some((one) => one.emoji === emoji);
  const changed = (message.reactions ?? []).map((one) => (one.emoji === emoji ? { emoji, users } : one));
  const reactions = known ? changed : [...changed, { emoji, users }];
  return { ...message, reactions: reactions.filter((one) => one.users.length) };
}
