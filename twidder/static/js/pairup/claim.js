/** Behind a code of the roster: who one is on it, and how one comes in. */
import { useEffect, useState } from "preact/hooks";
import { community } from "../accounts/community.js";
import { phase, signOut, user } from "../accounts/session.js";
import { SignIn } from "../accounts/sign-in.js";
import { SignUp } from "../accounts/sign-up.js";
import { say } from "../frame/toast.js";
import { Skeleton, Trouble } from "../frame/states.js";
import { Porch } from "../guests/door.js";
import { post } from "../lib/http.js";
import { html } from "../lib/html.js";
import { go } from "../lib/router.js";
import { forgetSecret, heldSecret } from "../lib/secret.js";
import { fullName } from "../lib/text.js";
import { JustPin } from "./claim-pin.js";
import { loadRounds, pathOfPairup, roundPath } from "./rounds.js";

const decoded = (secret) => {
  try {
    return secret && decodeURIComponent(secret);
  } catch {
    return secret;
  }
};

export function Claim() {
  const [code] = useState(() => decoded(heldSecret()));
  const [entry, setEntry] = useState(null);
  const [problem, setProblem] = useState(null);
  const look = () => {
    setProblem(null);
    if (code) post("/pairup/claims/check", { code }).then(setEntry, setProblem);
  };
  useEffect(look, []);
  return html`
    <${Porch} view="claim" title=${entry?.round ?? "Pair-Up"}>
      ${(!code || (problem && problem.status < 500 && problem.status !== 429 && !problem.unreachable)) && html`<${NoCode} />`}
      ${code && problem && (problem.status >= 500 || problem.status === 429 || problem.unreachable) && html`<${Trouble} problem=${problem} again=${look} />`}
      ${code && !entry && !problem && html`<${Skeleton} rows=${1} />`}
      ${entry && html`
        <div><h2>You are <bdi>${entry.name}</bdi>?</h2><p class="aside">Student number <span class="number">${entry.number}</span>, in <bdi>${entry.round}</bdi></p></div>
        ${phase.value === "in" ? html`<${SignedIn} code=${code} entry=${entry} />` : phase.value === "out" && html`<${Ways} code=${code} entry=${entry} />`}
      `}
    <//>
  `;
}

const NoCode = () => html`
  <h2>This code is used up, or was mistyped.</h2>
  <p class="aside">Each code works once. Ask the staff for a new one; if you have come in with it before, sign in.</p>
  <a class="button button--wide" href="/pairup">${phase.value === "in" ? "See your rounds" : "Sign in"}</a>
`;

function SignedIn({ code, entry }) {
  const [busy, setBusy] = useState(false);
  if (user.value.guest) return html`<${Leave} />`;
  if (user.value.student) return html`<${JustPin} code=${code} known=${fullName(user.value)} />`;
  const claim = async () => {
    setBusy(true);
    try {
      const { round } = await post("/pairup/claims", { code });
      await enter(round);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      say(problem.message);
      setBusy(false);
    }
  };
  return html`
    <p>You are signed in as <bdi>${fullName(user.value)}</bdi>.</p>
    <button class="button button--primary button--wide" type="button" aria-disabled=${busy} data-busy=${busy} onClick=${() => busy || claim()}>That’s me</button>
    <button class="text-button" type="button" onClick=${() => signOutHere()}>That’s not my account</button>
    <p class="aside">If you are not ${entry.name}, close this page: the code is somebody else’s.</p>
  `;
}

const Leave = () => html`
  <p>You are a guest in a room just now.</p>
  <button class="button button--wide" type="button" onClick=${() => signOutHere()}>Leave it and go on</button>
`;

/** Signing out leads to the front door, and the code would be lost there. */
async function signOutHere() {
  const code = heldSecret();
  await signOut().catch((problem) => say(problem.message));
  go(`/claim#${code}`, { replace: true });
}

/** The round; without it the only one, or the list. */
export async function enter(round) {
  forgetSecret();
  await loadRounds().catch(() => {});
  go(round ? roundPath(round) : pathOfPairup.value, { replace: true });
}

const WAYS = [
  ["pin", "Just a PIN"],
  ["in", "Sign in"],
  ["up", "Create account"],
];

function Ways({ code, entry }) {
  const [way, setWay] = useState("pin");
  const ways = WAYS.filter(([key]) => key !== "up" || (community.value && community.value.sign_up === "open"));
  return html`
    <nav class="segments" aria-label="How to come in">
      ${ways.map(([key, words]) => html`<button key=${key} class="segment" type="button" aria-pressed=${way === key} onClick=${() => setWay(key)}>${words}</button>`)}
    </nav>
    ${way === "pin" && html`<${JustPin} code=${code} entry=${entry} />`}
    ${way === "in" && html`<${SignIn} />`}
    ${way === "up" && html`<${SignUp} />`}
  `;
}
