import { html } from "../lib/html.js";

const QUIET = 4;

/** A QR code from rows of "0" and "1", one path for all dark modules. Black on white in the dark too, for cameras. */
export function Qr({ rows, label }) {
  const size = rows.length + 2 * QUIET;
  const dark = rows.flatMap((row, y) => [...row].flatMap((module, x) => (module === "1" ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : [])));
  return html`
    <svg class="qr" viewBox="0 0 ${size} ${size}" width="176" height="176" role="img" aria-label=${label} shape-rendering="crispEdges">
      <rect width=${size} height=${size} fill="#fff" />
      <path d=${dark.join("")} fill="#000" />
    </svg>
  `;
}
