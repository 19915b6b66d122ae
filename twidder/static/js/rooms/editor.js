/** The field that a message is written in, with its keys and its suggestions. */
import { useEffect, useRef } from "preact/hooks";
import { memberId, user } from "../accounts/session.js";
import { html } from "../lib/html.js";
import { Suggestions, useSuggestions } from "./suggestions.js";

/** On a telephone's keyboard Enter is a new line: there is a button to send. */
const hasKeyboard = () => window.matchMedia("(hover: hover)").matches;
const isInCode = (text, caret) => (text.slice(0, caret).match(/^```/gm)?.length ?? 0) % 2 === 1;

export function Editor({ room, text, write, send, label, focus }) {
  const field = useRef(null);
  const suggestions = useSuggestions(room, field, text, write);
  useEffect(() => {
    if (focus || hasKeyboard()) field.current.focus({ preventScroll: true });
    field.current.setSelectionRange(text.length, text.length);
  }, [focus]);
  useEffect(() => grow(field.current), [text]);

  const keys = (event) => {
    if (event.isComposing || suggestions.key(event)) return;
    if (event.key === "Enter") enter(event);
    else if (event.key === "ArrowUp" && text === "") editLast(event);
    else if (event.key === "Escape" && room.mode.value) {
      event.stopPropagation();
      room.mode.value = null;
    }
  };
  const enter = (event) => {
    const asked = event.ctrlKey || event.metaKey;
    if (!asked && (event.shiftKey || !hasKeyboard() || isInCode(text, event.target.selectionStart))) return;
    event.preventDefault();
    send();
  };
  const editLast = (event) => {
    const mine = room.pages.hasEnd && room.pages.items.value?.findLast(({ author, deleted }) => author.id === user.value.id && !deleted);
    if (!mine) return;
    event.preventDefault();
    room.mode.value = { edit: mine };
  };
  const paste = (event) => {
    if (!memberId.value || !event.clipboardData.files.length) return;
    event.preventDefault();
    room.uploads.add(event.clipboardData.files);
  };
  return html`
    <${Suggestions} ...${suggestions} />
    <textarea
      ref=${field} class="desk__field" rows="1" dir="auto" aria-label=${label} placeholder=${label} value=${text} enterkeyhint="enter"
      aria-autocomplete="list" aria-controls="suggestions"
      aria-activedescendant=${suggestions.items.length ? `suggestion-${suggestions.at}` : undefined}
      onInput=${(event) => write(event.target.value)} onKeyDown=${keys} onPaste=${paste}
      onSelect=${suggestions.look} onBlur=${suggestions.close}
    ></textarea>
  `;
}

/** Where the style cannot let it grow by itself. */
function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
