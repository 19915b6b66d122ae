/** How uPlot draws here: in the colours and the type of the page, by the 24-hour clock. */
import { clock, clockWithSeconds } from "../lib/time.js";
import { figure } from "./figures.js";

const DAY = 86_400_000;
const TONES = 6;
const FONT = "12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const SILENT_FACTOR = 5;
const SILENT_LEAST = 10_000;

/** Series are told apart by colour, and from the seventh on by dashes too. */
export const toneOf = (index) => `var(--series-${(index % TONES) + 1})`;
const dashOf = (index) => (index < TONES ? undefined : [6, 4]);

/** A colour of the style sheet as a canvas takes it. */
export function colourOf(element, value) {
  element.style.color = value;
  const colour = getComputedStyle(element).color;
  element.style.color = "";
  return colour;
}

/**
 * `lines`: [{ key, label, type, every }] · `tile` · `element`: where it is drawn · `moved(index)`: the crosshair stands at
 * this column of the data, or null.
 */
export function optionsFor({ uPlot, tile, lines, element, width, height, from, moved }) {
  const colour = (value) => colourOf(element, value);
  const [ink, line] = [colour("var(--ink-2)"), colour("var(--line)")];
  const axis = { stroke: ink, font: FONT, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  const isOne = lines.length === 1;
  const band = isOne ? [edge, edge] : [];
  return {
    width,
    height,
    ms: 1,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 }, dataIdx: isOne ? undefined : nearest },
    scales: { x: { range: () => [from(), from() + windowOf(tile)] }, y: { range: (_, low, high) => endsOf(uPlot, tile, low, high) } },
    axes: [
      { ...axis, size: 28, space: 64, values: (_, splits) => splits.map((at) => timeWords(at, windowOf(tile))) },
      { ...axis, size: sizeOf, gap: 6, values: (_, splits) => splits.map((value) => figure(value)) },
    ],
    series: [
      {},
      ...band,
      ...lines.map((one, index) => ({
        label: one.label,
        stroke: colour(toneOf(index)),
        width: 2,
        dash: dashOf(index),
        points: { show: isLonely, size: 5 },
        paths: one.type === "flag" ? uPlot.paths.stepped({ align: 1 }) : undefined,
        fill: tile.area ? soft(colour, index) : undefined,
      })),
    ],
    bands: isOne ? [{ series: [1, 2], fill: soft(colour, 0) }] : undefined,
    hooks: { setCursor: [({ cursor }) => moved(cursor.idx ?? null)], draw: [(plot) => drawLimits(plot, tile, colour)] },
  };
}

/** Too few for a line. */
const isLonely = (plot, series) => plot.data[series].filter((value) => typeof value === "number").length < 3;

const edge = { stroke: "transparent", width: 0, points: { show: false } };
const soft = (colour, index) => colour(`color-mix(in oklab, ${toneOf(index)} 16%, transparent)`);
export const windowOf = ({ window = 3_600 }) => window * 1000;

/** Wide enough for the longest figure. */
const sizeOf = (_, values) => 14 + 7 * Math.max(2, ...(values ?? []).map((text) => text?.length ?? 0));

function timeWords(at, width) {
  if (width > 2 * DAY) return DATE.format(at);
  return width < 10 * 60_000 ? clockWithSeconds(at) : clock(at);
}

/** The tile's own ends hold; else room around what is there. */
function endsOf(uPlot, { low, high, area }, least, most) {
  if (least === null || least === undefined) return [low ?? 0, high ?? 1];
  const [from, to] = uPlot.rangeNum(area && least > 0 ? 0 : least, most, 0.1, true);
  return [low ?? from, high ?? to];
}

/** Of several series few have a value in the very column of the pointer: the nearest that has one is meant. */
function nearest(plot, series, index) {
  const values = plot.data[series];
  for (let away = 0; away < values.length; away += 1) {
    if (values[index - away] !== undefined && values[index - away] !== null) return index - away;
    if (values[index + away] !== undefined && values[index + away] !== null) return index + away;
  }
  return index;
}

function drawLimits({ ctx, bbox, valToPos }, { warn, bad }, colour) {
  for (const [limit, tone] of [[warn, "--warn"], [bad, "--bad"]]) {
    const y = limit === undefined ? NaN : Math.round(valToPos(limit, "y", true));
    if (!(y >= bbox.top && y <= bbox.top + bbox.height)) continue;
    ctx.save();
    ctx.strokeStyle = colour(`var(${tone})`);
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }
}

/** The tracks as uPlot wants them: one column of times, and one of values for each series; of one series its range too. */
export function dataFor(uPlot, lines, tracks) {
  const tables = lines.map(({ key, every }) => withGaps(tracks.get(key), every));
  if (lines.length !== 1) return tables.length ? uPlot.join(tables.map(([at, , , mean]) => [at, mean])) : [[]];
  const [at, low, high, mean] = tables[0];
  return [at, high, low, mean];
}

/** Where a series that promises a pace was silent there is no line. */
function withGaps(track, every) {
  if (!track?.mean) return [[], [], [], []];
  const columns = [track.at, track.low, track.high, track.mean];
  const patience = every ? Math.max(every * SILENT_FACTOR + SILENT_LEAST, 2 * track.step) : Infinity;
  if (!track.at.some((at, index) => at - track.at[index - 1] > patience)) return columns.map((column) => [...column]);
  const result = [[], [], [], []];
  track.at.forEach((at, index) => {
    if (at - track.at[index - 1] > patience) [at - 1, null, null, null].forEach((value, column) => result[column].push(value));
    columns.forEach((column, number) => result[number].push(column[index]));
  });
  return result;
}
