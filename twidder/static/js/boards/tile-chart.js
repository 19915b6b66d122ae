/** Lines of numbers and flags over the tile's window. */
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../lib/html.js";
import { plural } from "../lib/text.js";
import { Chart } from "./chart.js";
import { windowOf } from "./chart-options.js";
import { usePast } from "./past.js";
import { labelOf, titleOf, useValues } from "./series.js";

/** So that a window that is drawn wider by a little does not load everything anew. */
const STEP = 100;
const WIDEST = 1_500;

/** `hold`: gets the plot, its lines and its past while it is shown. */
export function ChartTile({ board, tile, keys, hold }) {
  const [place, width, height] = useSize();
  const lines = useLines(board, tile, keys);
  const most = width && Math.min(WIDEST, Math.ceil(width / STEP) * STEP);
  const past = usePast(board, lines.map(({ key }) => key), tile.window ?? 3_600, most);
  Object.assign(hold, { lines, past });
  return html`
    <div class="chart">
      <div class="chart__plot" ref=${place} role="img" aria-label=${labelFor(tile, lines)}></div>
      ${width > 0 && html`<${Chart} tile=${tile} lines=${lines} past=${past} place=${place} width=${width} height=${height} isLive=${board.isLive} hold=${hold} />`}
    </div>
  `;
}

/** [{ key, label, type, unit, every }]; the same array while nothing of it changes. */
function useLines(board, tile, keys) {
  const values = useValues(board, keys).filter(([, { type }]) => type !== "text");
  const lines = values.map(([key, { type, unit, every }]) => ({ key, label: labelOf(tile, key), type, unit, every }));
  const before = useRef(lines);
  if (JSON.stringify(before.current) !== JSON.stringify(lines)) before.current = lines;
  return before.current;
}

const labelFor = (tile, lines) => `Chart of ${titleOf(tile) || lines.map(({ label }) => label).join(", ")}, the last ${spanOf(windowOf(tile))}`;

export function spanOf(ms) {
  if (ms < 120_000) return plural(ms / 1000, "second", "seconds");
  if (ms < 7_200_000) return plural(Math.round(ms / 60_000), "minute", "minutes");
  return ms < 172_800_000 ? plural(Math.round(ms / 3_600_000), "hour", "hours") : plural(Math.round(ms / 86_400_000), "day", "days");
}

/** [ref, width, height] of an element, in whole pixels; 0 until it is drawn. */
function useSize() {
  const place = useRef(null);
  const [[width, height], setSize] = useState([0, 0]);
  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) => setSize([Math.floor(contentRect.width), Math.floor(contentRect.height)]));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return [place, width, height];
}
