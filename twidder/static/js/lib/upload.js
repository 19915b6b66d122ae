/** One file on its way to the server, with its progress. */
import { Problem, parse } from "./http.js";

const BASE = "/api/v1";

/**
 * Sends `file` to `path`. `progress(share)` is told 0 … 1. Returns { done, abort }: `done` is a promise of what the server
 * stored; an upload that was aborted never settles.
 */
export function upload(path, file, progress) {
  const xhr = new XMLHttpRequest();
  const form = new FormData();
  form.append("file", file, file.name || "pasted.png");
  const done = new Promise((resolve, reject) => {
    xhr.open("POST", BASE + path);
    xhr.setRequestHeader("Accept", "application/json");
    xhr.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    xhr.onload = () => {
      const answer = parse(xhr.responseText);
      if (xhr.status < 400) resolve(answer);
      else reject(new Problem({ ...answer, status: xhr.status }));
    };
    xhr.onerror = () => reject(new Problem({ status: 0, code: "unreachable", detail: "The file could not be sent. Try again in a moment." }));
    xhr.send(form);
  });
  return { done, abort: () => xhr.abort() };
}
