/** Between two days; pressed, it leads to any other. */
import { useRef } from "preact/hooks";
import { html } from "../lib/html.js";
import { day } from "../lib/time.js";

export function DayLine({ room, row }) {
  const picker = useRef(null);
  const go = (event) => {
    const at = new Date(`${event.target.value}T00:00`).getTime();
    if (Number.isFinite(at)) room.showDay(at).catch(() => {});
  };
  return html`
    <div class="day-line" data-row=${row.key}>
      <button class="day-line__label" type="button" title="Go to a date" onClick=${() => picker.current.showPicker()}>${day(row.at)}</button>
      <input ref=${picker} class="day-line__picker" type="date" tabindex="-1" aria-label="Go to a date" max=${isoDay(Date.now())} value=${isoDay(row.at)} onChange=${go} />
    </div>
  `;
}

function isoDay(at) {
  const date = new Date(at);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
