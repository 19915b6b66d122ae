import { html } from "../lib/html.js";

export const Section = ({ id, title, text, children }) => html`
  <section class="section card" id=${id}>
    <h2>${title}</h2>
    ${text && html`<p class="aside">${text}</p>`}
    ${children}
  </section>
`;
