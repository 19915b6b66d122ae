/** Colours for code. The highlighter and each language come when they are first needed. */
import { h } from "preact";

const LANGUAGES = {
  bash: "bash sh shell zsh console",
  c: "c h",
  cpp: "cpp c++ cc hpp",
  css: "css",
  diff: "diff patch",
  go: "go golang",
  http: "http",
  ini: "ini toml",
  java: "java",
  javascript: "javascript js mjs jsx",
  json: "json",
  python: "python py",
  rust: "rust rs",
  sql: "sql sqlite psql",
  typescript: "typescript ts tsx",
  xml: "xml html svg",
  yaml: "yaml yml",
};
const BY_NAME = new Map(Object.entries(LANGUAGES).flatMap(([language, names]) => names.split(" ").map((name) => [name, language])));

/** Colours are worth less than a page that answers. */
const LONGEST = 4_000;

let core = null;
const loaded = new Map();

/** Promise of nodes; of null when the language is unknown or its file cannot be had. */
export async function highlight(text, name) {
  const language = BY_NAME.get(name?.toLowerCase());
  if (!language || text.length > LONGEST) return null;
  try {
    const highlighter = await (core ??= start());
    await (loaded.get(language) ?? load(highlighter, language));
    return highlighter.highlight(text, { language, ignoreIllegals: true })._emitter.root.children.map(node);
  } catch {
    core = null;
    loaded.delete(language);
    return null;
  }
}

async function start() {
  const { default: highlighter } = await import("highlight.js");
  highlighter.configure({ __emitter: Tree });
  return highlighter;
}

function load(highlighter, language) {
  const coming = import(`highlight.js/${language}`).then(({ default: grammar }) => highlighter.registerLanguage(language, grammar));
  loaded.set(language, coming);
  return coming;
}

const node = (part) => (typeof part === "string" ? part : h("span", { class: part.scope && `hl-${part.scope.split(".")[0]}` }, part.children.map(node)));

/** What the highlighter speaks to while it reads; its own one would build HTML. */
class Tree {
  root = { children: [] };
  #stack = [this.root];

  addText(text) {
    if (text) this.#stack.at(-1).children.push(text);
  }

  startScope(scope) {
    const opened = { scope, children: [] };
    this.#stack.at(-1).children.push(opened);
    this.#stack.push(opened);
  }

  endScope() {
    if (this.#stack.length > 1) this.#stack.pop();
  }

  openNode(scope) {
    this.startScope(scope);
  }

  closeNode() {
    this.endScope();
  }

  __addSublanguage(emitter) {
    this.#stack.at(-1).children.push({ scope: "", children: emitter.root.children });
  }

  finalize() {}

  toHTML() {
    return "";
  }
}
