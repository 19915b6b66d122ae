/** Lines over time. uPlot is loaded with the first chart that is drawn; drawing waits for the screen and stops with it. */
import { signal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { html } from "../lib/html.js";
import { dataFor, optionsFor, toneOf, windowOf } from "./chart-options.js";
import { figure } from "./figures.js";
import { second } from "./fresh.js";
import { clockWithSeconds, full } from "../lib/time.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Draws into `place` and returns the legend. `lines`: as optionsFor says · `hold`: { plot } while there is one, for the picture. */
export function Chart({ tile, lines, past, place, width, height, isLive, hold }) {
  const column = useMemo(() => signal(null), []);
  const uPlot = useUPlot(isLive);
  const scheme = useScheme();
  const shape = JSON.stringify([lines.map(({ key, label: name, type, every }) => [key, name, type, every]), tile]);
  useEffect(() => {
    if (!uPlot || !past) return;
    const from = () => past.from;
    const options = optionsFor({ uPlot, tile, lines, element: place.current, width, height, from, moved: (index) => (column.value = index) });
    const plot = new uPlot(options, dataFor(uPlot, lines, past.tracks), place.current);
    hold.plot = plot;
    const stop = keepDrawing(plot, past, windowOf(tile) / width, () => dataFor(uPlot, lines, past.tracks));
    return () => {
      stop();
      plot.destroy();
      hold.plot = null;
      column.value = null;
    };
  }, [uPlot, past, shape, scheme]);
  useEffect(() => hold.plot?.setSize({ width, height }), [width, height]);
  return html`<${Legend} tile=${tile} lines=${lines} past=${past} column=${column} hold=${hold} />`;
}

/** Redraws when something came, and as the window moves by a pixel. */
function keepDrawing(plot, past, pixel, data) {
  let frame = null;
  let drawnAt = second.peek();
  const draw = () => {
    frame = null;
    drawnAt = second.peek();
    plot.setData(data());
  };
  const ask = () => (frame ??= requestAnimationFrame(draw));
  const stops = [past.changed.subscribe(ask), second.subscribe((now) => now - drawnAt >= pixel && ask())];
  return () => {
    stops.forEach((stop) => stop());
    cancelAnimationFrame(frame);
  };
}

/** The names with their colours; under the crosshair, what they were then. One line alone has the tile's title for a name. */
function Legend({ tile, lines, past, column, hold }) {
  const index = column.value;
  const at = index === null ? null : hold.plot?.data[0][index];
  past?.changed.value;
  return html`
    <ul class="legend" data-single=${lines.length === 1}>
      ${lines.map((line, number) => html`
        <li key=${line.key} title=${line.key}>
          ${lines.length > 1 && html`<span class="legend__swatch" style=${{ background: toneOf(number) }} aria-hidden="true"></span><bdi>${line.label}</bdi>`}
          ${at && html`<strong>${valueAt(tile, line, past.tracks.get(line.key), at)}</strong>`}
        </li>
      `)}
      ${at && html`<li class="legend__time" title=${full(at)}>${clockWithSeconds(at)}</li>`}
    </ul>
  `;
}

/** The newest value up to then. */
function valueAt(tile, { type, unit }, track, at) {
  const index = track?.at.findLastIndex((one) => one <= at) ?? -1;
  if (index < 0) return "–";
  const value = track.mean[index];
  return type === "flag" ? (value ? "Yes" : "No") : `${figure(value, tile.decimals)}${unit ? ` ${unit}` : ""}`;
}

/** null until it is here; asked for again when the server is back. */
function useUPlot(isLive) {
  const [uPlot, setUPlot] = useState(null);
  useEffect(() => {
    if (!uPlot) import("uplot").then((module) => setUPlot(() => module.default), () => {});
  }, [isLive]);
  return uPlot;
}

function useScheme() {
  const [isDark, setDark] = useState(dark.matches);
  useEffect(() => {
    const change = () => setDark(dark.matches);
    dark.addEventListener("change", change);
    return () => dark.removeEventListener("change", change);
  }, []);
  return isDark;
}
