/** Files that will go with the message, each with its progress. */
import { useRef } from "preact/hooks";
import { Icon } from "../frame/icon.js";
import { html } from "../lib/html.js";
import { bytes } from "../lib/text.js";

export function UploadList({ uploads }) {
  if (!uploads.files.value.length) return null;
  return html`<ul class="uploads" aria-label="Files to send">${uploads.files.value.map((file) => html`<${One} key=${file.key} file=${file} uploads=${uploads} />`)}</ul>`;
}

const One = ({ file, uploads }) => html`
  <li class="upload" data-state=${file.detail ? "failed" : file.stored ? "stored" : "sending"}>
    ${file.picture ? html`<img class="upload__picture" src=${file.picture} alt="" width="40" height="40" />` : html`<${Icon} name="file" />`}
    <span class="upload__words"><bdi>${file.name}</bdi><span class="aside" role=${file.detail ? "alert" : undefined}>${file.detail ?? bytes(file.size)}</span></span>
    ${!file.stored && !file.detail && html`<progress class="upload__progress" max="1" value=${file.share} aria-label="Upload of ${file.name}"></progress>`}
    <button class="icon-button" type="button" aria-label="Remove ${file.name}" onClick=${() => uploads.drop(file.key)}><${Icon} name="x" size=${16} /></button>
  </li>
`;

/** The paper clip: files by the system's own dialog. */
export function Attach({ uploads }) {
  const input = useRef(null);
  const chosen = ({ target }) => {
    uploads.add(target.files);
    target.value = "";
  };
  return html`
    <button class="icon-button" type="button" aria-label="Attach pictures or files" title="Attach pictures or files" onClick=${() => input.current.click()}><${Icon} name="paperclip" /></button>
    <input ref=${input} type="file" multiple hidden onChange=${chosen} />
  `;
}
