/** A tile's own questions: what it shows of which series. What one most likely wants is chosen already. */
import { useId } from "preact/hooks";
import { Dialog } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { THEIRS, freshTileId } from "./arranging.js";
import { KINDS, KIND_OF } from "./kinds.js";
import { untold } from "./series.js";
import { asTile, asValues, checkTile } from "./tile-fields.js";

const WINDOWS = [[60, "1 minute"], [600, "10 minutes"], [3_600, "1 hour"], [21_600, "6 hours"], [86_400, "1 day"], [604_800, "1 week"], [2_592_000, "30 days"], [31_536_000, "1 year"]];

/** `tile`: to change; without, a new one. */
export function TileDialog({ board, arranging, tile, close }) {
  const values = board.values.value;
  const form = useForm({
    start: asValues(tile ?? firstGuess(board)),
    check: checkTile,
    send: async (entered) => {
      try {
        await arranging.put(asTile(entered, tile?.id ?? freshTileId()));
      } catch (problem) {
        if (problem.status === 409) problem.message = THEIRS;
        throw problem;
      }
      close();
    },
  });
  const { kind } = form.values;
  const has = (field) => KINDS[kind].fields.includes(field);
  const choose = ({ target }) => {
    const [width, height] = KINDS[target.value].size;
    form.set("kind", target.value);
    form.set("width", String(width));
    form.set("height", String(height));
  };
  return html`
    <${Dialog} title=${tile ? "Change tile" : "Add tile"}>
      <${Form} form=${form}>
        <${Field} form=${form} name="kind" label="Shows" onInput=${choose}>${options(Object.entries(KINDS).map(([one, { name }]) => [one, name]))}<//>
        ${kind !== "poll" && html`<${Series} form=${form} values=${values} types=${KINDS[kind].types} />`}
        <${Field} form=${form} name="title" label="Title" hint=${kind === "poll" ? "May stay empty." : "May stay empty: then the names of the series."} autocomplete="off" maxlength="64" />
        ${has("text") && html`<${Field} form=${form} name="text" label="Text" lines=${4} hint="Markdown." />`}
        ${has("poll") && html`
          <${Field} form=${form} name="text" label="Question" autocomplete="off" />
          <${Field} form=${form} name="options" label="Answers" lines=${4} hint="One a line, 2 to 10. Changing them drops the votes." />
        `}
        ${has("window") && html`<${Field} form=${form} name="window" label="Looks back" >${options(windowsWith(form.values.window))}<//>`}
        <div class="form__pair">
          <${Field} form=${form} name="width" label="Columns">${options([1, 2, 3, 4].map((one) => [one, one]))}<//>
          <${Field} form=${form} name="height" label="Rows">${options([1, 2, 3].map((one) => [one, one]))}<//>
        </div>
        <${More} form=${form} has=${has} />
        <div class="dialog__foot"><${Submit} form=${form}>${tile ? "Save" : "Add"}<//></div>
      <//>
    <//>
  `;
}

const options = (list) => list.map(([value, words]) => html`<option key=${value} value=${value}>${words}</option>`);
const windowsWith = (seconds) => (WINDOWS.some(([one]) => String(one) === seconds) ? WINDOWS : [[seconds, `${seconds} seconds`], ...WINDOWS]);

/** What most tiles do without. */
function More({ form, has }) {
  if (!["ends", "limits", "decimals", "area"].some(has)) return null;
  return html`
    <details class="tile-more">
      <summary>More</summary>
      ${has("ends") && html`<div class="form__pair"><${Field} form=${form} name="low" label="From" inputmode="decimal" /><${Field} form=${form} name="high" label="To" inputmode="decimal" /></div>`}
      ${has("limits") && html`<div class="form__pair"><${Field} form=${form} name="warn" label="Warn from" inputmode="decimal" /><${Field} form=${form} name="bad" label="Bad from" inputmode="decimal" /></div>`}
      ${has("decimals") && html`<${Field} form=${form} name="decimals" label="Decimals" inputmode="numeric" />`}
      ${has("area") && html`<label class="choice"><input type="checkbox" checked=${form.values.area} onChange=${({ target }) => form.set("area", target.checked)} /><span><strong>Filled</strong><span>The area under the lines, from nought.</span></span></label>`}
    </details>
  `;
}

/** Those that are there, to be ticked; others can be named before they come. */
function Series({ form, values, types }) {
  const id = useId();
  const chosen = new Set(form.values.series);
  const fitting = [...values].filter(([key, { type }]) => types.includes(type) || chosen.has(key));
  const turn = (key) => form.set("series", chosen.has(key) ? form.values.series.filter((one) => one !== key) : [...form.values.series, key]);
  return html`
    <fieldset class="series-choice" aria-describedby=${form.errors.series ? `${id}-error` : undefined}>
      <legend>Series</legend>
      ${fitting.length > 0 && html`
        <div class="series-choice__all" tabindex="0" role="region" aria-label="Series that are there">
          ${fitting.map(([key]) => html`<label class="choice" key=${key}><input type="checkbox" checked=${chosen.has(key)} onChange=${() => turn(key)} /><bdi>${key}</bdi></label>`)}
        </div>
      `}
      <${Field} form=${form} name="others" label=${fitting.length ? "Others" : "Names"} hint="With commas between. score.* means all that begin so." autocomplete="off" spellcheck=${false} placeholder="score.*" />
      ${form.errors.series && html`<p class="field__error" id="${id}-error">${form.errors.series}</p>`}
    </fieldset>
  `;
}

/** A chart of the first number that has no tile yet, or of the first at all. */
function firstGuess(board) {
  const values = board.values.value;
  const keys = [...untold(board.tiles.value, [...values.keys()]), ...values.keys()];
  const key = keys.find((one) => values.get(one).type === "number") ?? keys[0];
  const kind = !key || values.get(key).type === "number" ? "chart" : KIND_OF[values.get(key).type];
  const [width, height] = KINDS[kind].size;
  return { kind, series: key ? [key] : [], width, height };
}
