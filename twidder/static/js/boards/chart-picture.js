/** A chart as a picture of its own: title, names and lines on the page's ground. */
import { colourOf, toneOf } from "./chart-options.js";

const MARGIN = 16;
const LINE = 24;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

/** → promise of a PNG as a Blob. `element`: anything on the page, for its colours. */
export function pictureOf({ plot, lines }, title, element) {
  const scale = devicePixelRatio;
  const { width, height } = plot.ctx.canvas;
  const canvas = document.createElement("canvas");
  canvas.width = width + 2 * MARGIN * scale;
  canvas.height = height + (2 * MARGIN + 2 * LINE) * scale;
  const context = canvas.getContext("2d");
  const colour = (name) => colourOf(element, `var(${name})`);
  context.fillStyle = colour("--surface");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(plot.ctx.canvas, MARGIN * scale, (MARGIN + 2 * LINE) * scale);
  context.scale(scale, scale);
  context.textBaseline = "top";
  context.fillStyle = colour("--ink");
  context.font = `650 16px ${FONT}`;
  context.fillText(title, MARGIN, MARGIN);
  drawNames(context, lines, (value) => colourOf(element, value));
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function drawNames(context, lines, colour) {
  context.font = `13px ${FONT}`;
  let x = MARGIN;
  lines.forEach(({ label }, index) => {
    context.fillStyle = colour(toneOf(index));
    context.fillRect(x, MARGIN + LINE + 5, 10, 4);
    context.fillStyle = colour("var(--ink-2)");
    context.fillText(label, x + 16, MARGIN + LINE);
    x += 32 + context.measureText(label).width;
  });
}

export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}
