/** A tile as the fields of a form, and back. Pure. */

const NUMBERS = ["low", "high", "warn", "bad"];
export const MOST_SERIES = 20;
const [LEAST_OPTIONS, MOST_OPTIONS] = [2, 10];
const text = (value) => (value === undefined || value === null ? "" : String(value));
const lines = (value) => value.split("\n").map((line) => line.trim()).filter(Boolean);
const named = (value) => value.split(/[\s,]+/).filter(Boolean);

export function asValues(tile) {
  const { kind, title = "", series = [], width = 1, height = 1, window = 3_600, decimals, area = false, text: words = "", options = [] } = tile;
  const patterns = series.filter((one) => one.endsWith("*"));
  return {
    kind,
    title,
    series: series.filter((one) => !one.endsWith("*")),
    others: patterns.join(", "),
    width: text(width),
    height: text(height),
    window: text(window),
    decimals: text(decimals),
    area,
    text: words,
    options: options.join("\n"),
    ...Object.fromEntries(NUMBERS.map((name) => [name, text(tile[name])])),
  };
}

const seriesOf = ({ series, others }) => [...new Set([...series, ...named(others)])];
const number = (value) => Number(value.trim().replace(",", "."));

/** { field: words } of what is wrong. */
export function checkTile(values) {
  const wrong = {};
  for (const name of NUMBERS) if (values[name].trim() && !Number.isFinite(number(values[name]))) wrong[name] = "A number, or nothing.";
  if (values.decimals.trim() && !/^[0-6]$/.test(values.decimals.trim())) wrong.decimals = "0 to 6, or nothing.";
  if (values.low.trim() && values.high.trim() && number(values.low) >= number(values.high)) wrong.high = "Above the lower one.";
  const keys = seriesOf(values);
  if (values.kind === "poll") return { ...wrong, ...checkPoll(values) };
  if (!keys.length && !(values.kind === "text" && values.text.trim())) wrong.series = "Choose a series, or name one.";
  if (keys.length > MOST_SERIES) wrong.series = `At most ${MOST_SERIES}.`;
  return wrong;
}

function checkPoll({ text: question, options }) {
  const answers = lines(options);
  const wrong = {};
  if (!question.trim()) wrong.text = "Write a question.";
  if (answers.length < LEAST_OPTIONS || answers.length > MOST_OPTIONS) wrong.options = `${LEAST_OPTIONS} to ${MOST_OPTIONS} answers, one a line.`;
  else if (new Set(answers).size < answers.length) wrong.options = "Each answer once.";
  return wrong;
}

/** What was said of it; words and answers only where they are shown. */
export function asTile(values, id) {
  const { kind } = values;
  const isPoll = kind === "poll";
  const numbers = [...NUMBERS, "decimals"].filter((name) => values[name].trim() && !isPoll);
  return {
    id,
    kind,
    title: values.title.trim(),
    series: isPoll ? [] : seriesOf(values),
    width: Number(values.width),
    height: Number(values.height),
    window: Number(values.window),
    area: kind === "chart" && values.area,
    text: isPoll || kind === "text" ? values.text.trim() : "",
    options: isPoll ? lines(values.options) : [],
    ...Object.fromEntries(numbers.map((name) => [name, number(values[name])])),
  };
}
