/**
 * The files of a message: pictures as pictures, in the size that they will have before they are here. One that could not be
 * loaded for want of a connection is asked for again when it is back.
 */
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";
import { bytes } from "../lib/text.js";
import { live } from "../live/socket.js";

const WIDEST = 400;
const HIGHEST = 300;

export function Attached({ files }) {
  if (!files?.length) return null;
  return html`<div class="attached">${files.map((file) => (file.width ? html`<${Picture} key=${file.id} file=${file} />` : html`<${Other} key=${file.id} file=${file} />`))}</div>`;
}

function Picture({ file }) {
  const [failed, setFailed] = useState(false);
  const isLive = live.state.value === "live";
  useEffect(() => void (isLive && setFailed(false)), [isLive]);
  const scale = Math.min(1, WIDEST / file.width, HIGHEST / file.height);
  return html`
    <a class="attached__picture" href="/api/v1/files/${file.id}" target="_blank" rel="noopener" title=${file.name}>
      <img key=${failed} onError=${() => setFailed(true)} src="/api/v1/files/${file.id}/thumbnail" alt=${file.name} width=${Math.round(file.width * scale)} height=${Math.round(file.height * scale)} loading="lazy" />
    </a>
  `;
}

const Other = ({ file }) => html`
  <a class="attached__file" href="/api/v1/files/${file.id}" download=${file.name}>
    <${Icon} name="file" /><span><bdi>${file.name}</bdi><span class="aside">${bytes(file.size)}</span></span>
  </a>
`;
