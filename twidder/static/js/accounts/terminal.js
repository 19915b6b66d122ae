import { useState } from "preact/hooks";
import { Copyable } from "../frame/copy.js";
import { Field, Form, Submit } from "../frame/field.js";
import { useForm } from "../lib/form.js";
import { html } from "../lib/html.js";
import { post } from "../lib/http.js";

export function Terminal() {
  const [token, setToken] = useState(null);
  const form = useForm({
    start: { password: "" },
    check: ({ password }) => (password ? {} : { password: "Write your password." }),
    send: async ({ password }) => {
      try {
        setToken((await post("/session/token", { password })).token);
      } catch (problem) {
        if (problem.code === "wrong_credentials") problem.field = "password";
        throw problem;
      }
    },
  });
  if (token) return html`<${Token} token=${token} />`;
  return html`
    <${Form} form=${form}>
      <${Field} form=${form} name="password" label="Your password" type="password" autocomplete="current-password" />
      <${Submit} form=${form} quiet>Show the token<//>
    <//>
  `;
}

const Token = ({ token }) => html`
  <p class="aside">Shown once. It ends when this session ends.</p>
  <${Copyable} text=${token} label="Token" />
  <p class="aside">For example, who you are:</p>
  <${Copyable} text=${`curl -H "Authorization: Bearer ${token}" ${window.location.origin}/api/v1/me`} label="Example" />
`;
