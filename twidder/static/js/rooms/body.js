/** The words of a message. Its Markdown is read once for each text. */
import { useMemo } from "preact/hooks";
import { html } from "../lib/html.js";
import { isFewEmoji, render } from "./markdown.js";

/** What no picture frame holds is clipped by the style: a letter may carry a thousand marks. */
export function Body({ text, mentions, edited }) {
  const nodes = useMemo(() => render(text, mentions), [text, mentions]);
  if (!text) return null;
  return html`<div class="words ${isFewEmoji(text) ? "words--large" : ""}" dir="auto">${nodes}${edited}</div>`;
}
