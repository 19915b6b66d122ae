import { render } from "preact";
import { loadCommunity } from "./accounts/community.js";
import { resume } from "./accounts/session.js";
import { App } from "./frame/app.js";
import { loadIcons } from "./frame/icon.js";
import "./frame/wake.js";
import { html } from "./lib/html.js";

const root = document.getElementById("app");
root.replaceChildren();
render(html`<${App} />`, root);
loadIcons();
resume();
loadCommunity();
