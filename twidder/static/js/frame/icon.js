import { html } from "../lib/html.js";

/** One glyph of the sprite. Decoration only: the words are beside it or in the button's label. */
export const Icon = ({ name, size = 18 }) => html`
  <svg class="icon" width=${size} height=${size} aria-hidden="true"><use href="#icon-${name}" /></svg>
`;

/** Puts the sprite into the page: a glyph first needed while the server is away must be there too. */
export function loadIcons() {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", "/static/icons.svg");
  xhr.responseType = "document";
  xhr.onload = () => xhr.responseXML && document.body.append(document.importNode(xhr.responseXML.documentElement, true));
  xhr.send();
}
