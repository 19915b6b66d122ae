/** Tells the staff of something that should not be here. `what`: { message } | { post } | { user }, an id each. */
import { Dialog, open } from "../frame/dialog.js";
import { Field, Form, Submit } from "../frame/field.js";
import { say } from "../frame/toast.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";

const REASON_LIMIT = 500;

export const report = (what) => open(Report, { what });

function Report({ what, close }) {
  const form = useForm({
    start: { reason: "" },
    check: ({ reason }) => (reason.trim() ? {} : { reason: "Write in a few words what is wrong." }),
    send: async ({ reason }) => {
      await post("/reports", { ...what, reason: reason.trim() });
      close();
      say("Reported. The staff will look at it.");
    },
  });
  return html`
    <${Dialog} title="Report to the staff">
      <${Form} form=${form}>
        <${Field} form=${form} name="reason" label="What is wrong?" lines="3" maxlength=${REASON_LIMIT} hint="Only the staff of this place read it." />
        <${Submit} form=${form}>Report<//>
      <//>
    <//>
  `;
}
