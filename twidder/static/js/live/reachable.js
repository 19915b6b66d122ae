/** Whether the server answers at all, and how long that takes. */

const PATIENCE = 5_000;

/** ms from question to answer; 0 where there is none. */
export function reachable() {
  return new Promise((resolve) => {
    const begun = performance.now();
    const xhr = new XMLHttpRequest();
    xhr.open("GET", "/readyz");
    xhr.timeout = PATIENCE;
    xhr.onload = () => resolve(xhr.status === 200 ? Math.max(1, Math.round(performance.now() - begun)) : 0);
    xhr.onerror = xhr.ontimeout = () => resolve(0);
    xhr.send();
  });
}
