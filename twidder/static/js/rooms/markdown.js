/**
 * The words of a message: a small Markdown, from tokens straight to nodes. There is no HTML anywhere on the way, so what
 * somebody writes can only ever be text, one of the elements named here, or a link to http, https or mailto.
 */
import MarkdownIt from "markdown-it";
import { h } from "preact";
import { user } from "../accounts/session.js";
import { CodeBlock } from "./code.js";
import { named } from "./emoji.js";

const DEPTH = 20;
const WORDS = /(?<![\w@/.])@[A-Za-z0-9][A-Za-z0-9_.-]*|:[a-z0-9_+-]+:/g;
const ALLOWED = /^(?:https?|mailto):/i;
const FEW_EMOJI = /^(?:\p{RGI_Emoji}\s?){1,3}$/v;

const OPENS = {
  paragraph_open: "p",
  em_open: "em",
  strong_open: "strong",
  s_open: "s",
  blockquote_open: "blockquote",
  bullet_list_open: "ul",
  ordered_list_open: "ol",
  list_item_open: "li",
  link_open: "a",
  table_open: "table",
  thead_open: "thead",
  tbody_open: "tbody",
  tr_open: "tr",
  th_open: "th",
  td_open: "td",
};

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, maxNesting: DEPTH });
markdown.disable(["heading", "lheading", "reference", "html_block", "html_inline", "image"]);
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
markdown.validateLink = (address) => ALLOWED.test(address);

/** `mentions`: handle as written in the text → user id. Returns nodes. */
export function render(text, mentions = {}) {
  const tokens = markdown.parse(text, {});
  if (tokens.some(({ level }) => level >= DEPTH - 1)) return h("p", { dir: "auto", class: "plain" }, text);
  return nest(tokens, mentions);
}

export const isFewEmoji = (text) => FEW_EMOJI.test(text.trim());

/** The words of a message in one line, for quotes and lists. */
export const oneLine = (text) => text.replace(/^[\s>]+/gm, " ").replace(/[\s`*]+/g, " ").trim();

/** Tokens open and close; nodes contain. */
function nest(tokens, mentions) {
  const stack = [{ children: [] }];
  for (const token of tokens) {
    const top = stack.at(-1);
    if (token.nesting === 1) stack.push({ token, children: [] });
    else if (token.nesting === -1) stack.at(-2).children.push(element(stack.pop()));
    else top.children.push(leaf(token, mentions));
  }
  return stack[0].children;
}

function element({ token, children }) {
  if (token.hidden) return children;
  const tag = OPENS[token.type];
  if (tag === "a") return link(token.attrGet("href"), children);
  if (tag === "ol") return h("ol", { start: token.attrGet("start") ?? undefined }, children);
  if (tag === "table") return h("div", { class: "table-scroll", tabindex: 0 }, h("table", null, children));
  return h(tag ?? "span", tag === "p" ? { dir: "auto" } : null, children);
}

/** Links into this place stay in this page; all others open their own. */
function link(href, children) {
  const outside = !URL.canParse(href) || new URL(href).origin !== window.location.origin;
  return h("a", { href, rel: "noopener noreferrer nofollow ugc", target: outside ? "_blank" : undefined }, children);
}

function leaf(token, mentions) {
  if (token.type === "inline") return nest(token.children, mentions);
  if (token.type === "fence" || token.type === "code_block") return h(CodeBlock, { text: token.content, language: token.info.trim().split(/\s/)[0] });
  if (token.type === "code_inline") return h("code", { dir: "ltr" }, token.content);
  if (token.type === "softbreak" || token.type === "hardbreak") return h("br");
  if (token.type === "hr") return h("hr");
  return words(token.content, mentions);
}

/** Plain text with its mentions and named emoji. */
function words(text, mentions) {
  const nodes = [];
  let from = 0;
  for (const { 0: word, index } of text.matchAll(WORDS)) {
    const node = word.startsWith("@") ? mention(word, mentions) : emoji(word);
    if (!node) continue;
    nodes.push(text.slice(from, index), node.shown);
    from = index + node.length;
  }
  return [...nodes, text.slice(from)];
}

const emoji = (word) => named(word.slice(1, -1)) && { shown: named(word.slice(1, -1)), length: word.length };

/** A dot or dash at the end ends the sentence. */
function mention(word, mentions) {
  const written = word.replace(/[.-]+$/, "");
  const id = mentions[written.slice(1).toLowerCase()];
  const shown = h("a", { class: "mention", href: `/people/${id}`, "data-me": id === user.value?.id }, h("bdi", null, written));
  return id && { shown, length: written.length };
}
