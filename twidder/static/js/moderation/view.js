/** For the staff: what was reported, and who did what. */
import { useEffect, useState } from "preact/hooks";
import { isStaff } from "../accounts/roles.js";
import { Avatar } from "../frame/avatar.js";
import { Page } from "../frame/page.js";
import { Section } from "../frame/section.js";
import { Empty, Skeleton, Trouble } from "../frame/states.js";
import { say } from "../frame/toast.js";
import { get, patch } from "../lib/http.js";
import { html } from "../lib/html.js";
import { fullName } from "../lib/text.js";
import { ago, full } from "../lib/time.js";
import { AuditList } from "./audit.js";

const KINDS = { message: "A message by", post: "A post by", user: "About" };

export const Moderation = () => html`
  <${Page} view="moderation" title="Moderation" back="/account">
    ${isStaff()
      ? html`
          <${Section} id="reports" title="Reports" text="What members think should not be here. Only the staff see this."><${Reports} /><//>
          <${Section} id="audit" title="What was done" text="Every use of power, by whom and when. It cannot be changed."><${AuditList} path="/audit" rooms /><//>
        `
      : html`<${Empty} action=${html`<a class="button" href="/home">Go home</a>`}>This belongs to the staff of this place.<//>`}
  <//>
`;

function Reports() {
  const [reports, setReports] = useState(null);
  const [problem, setProblem] = useState(null);
  const load = () => get("/reports").then(({ items }) => (setReports(items), setProblem(null)), setProblem);
  useEffect(() => {
    const look = () => document.hidden || load();
    load();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  const settle = (report, state) =>
    patch(`/reports/${report.id}`, { state }).then(() => {
      setReports((old) => old.map((one) => (one.id === report.id ? { ...one, state } : one)));
      say(state === "done" ? "Marked as done" : "Dismissed", { label: "Undo", run: () => settle(report, "open") });
    }, (trouble) => say(trouble.message));
  if (problem) return html`<${Trouble} problem=${problem} again=${load} />`;
  if (!reports) return html`<${Skeleton} rows=${2} />`;
  const waiting = reports.filter(({ state }) => state === "open");
  if (!waiting.length) return html`<${Empty}>Nothing waits for you.<//>`;
  return html`<ul class="reports">${waiting.map((report) => html`<${Report} key=${report.id} report=${report} settle=${(state) => settle(report, state)} />`)}</ul>`;
}

const Report = ({ report, settle }) => html`
  <li class="report">
    <${Avatar} person=${report.about} />
    <div>
      <p><strong>${KINDS[report.kind]} ${fullName(report.about)}</strong> <time class="aside" title=${full(report.at)}>${ago(report.at)}</time></p>
      ${report.kind !== "user" && html`<blockquote>${report.text ? html`<bdi>${report.text}</bdi>` : "It is deleted."}</blockquote>`}
      <p class="aside">${fullName(report.by)}: <bdi>${report.reason}</bdi></p>
      <div class="about__acts">
        <button class="button button--primary" type="button" onClick=${() => settle("done")}>Done</button>
        <button class="button" type="button" onClick=${() => settle("dismissed")}>Dismiss</button>
        <a class="button" href=${pathOf(report)}>Look at it</a>
      </div>
    </div>
  </li>
`;

function pathOf({ kind, item, place, about }) {
  if (kind === "message") return `/rooms/${place}?message=${item}`;
  return `/people/${kind === "post" ? place : about.id}`;
}
