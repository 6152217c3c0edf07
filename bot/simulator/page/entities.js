// Telegram's text with entities -> DOM nodes. Offsets count UTF-16 units, as JavaScript strings do.

import { h } from "./dom.js";

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const LINKS = /^(https?|tg|mailto|tel):/i;

/** `actions`: {command(text), link(url)}: what a click on a command or a link does. */
export function renderText(text, entities, actions) {
  const sorted = (entities || [])
    .filter((entity) => entity.length > 0 && entity.offset < text.length)
    // A block around what begins with it: a link must not enclose a quote, even when it is said to be longer.
    .sort((a, b) => a.offset - b.offset || BLOCKS.has(b.type) - BLOCKS.has(a.type) || b.length - a.length);
  const fragment = document.createDocumentFragment();
  fragment.append(...span(text, 0, text.length, sorted, actions));
  return fragment;
}

/** The nodes of text[start:end]; `entities` are those that begin in it, outer ones first. */
function span(text, start, end, entities, actions) {
  const nodes = [];
  let at = start;
  let afterBlock = false;
  const plain = (from, to) => {
    let piece = text.slice(from, to);
    // A block ends its line by itself: the line break after it would show as an empty line.
    if (afterBlock && piece.startsWith("\n")) piece = piece.slice(1);
    if (piece) nodes.push(document.createTextNode(piece));
    afterBlock = false;
  };
  for (let i = 0; i < entities.length; i += 1) {
    const entity = entities[i];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    if (from > at) plain(at, from);
    const inner = [];
    while (i + 1 < entities.length && entities[i + 1].offset < to) inner.push(entities[(i += 1)]);
    nodes.push(wrap(entity, text.slice(from, to), span(text, from, to, inner, actions), actions));
    afterBlock = BLOCKS.has(entity.type);
    at = to;
  }
  if (at < end) plain(at, end);
  return nodes;
}

function wrap(entity, text, children, actions) {
  const { type } = entity;
  if (TAGS[type]) return h(TAGS[type], {}, children);
  if (type === "pre") return h("pre", { dir: "auto" }, children);
  if (type === "blockquote") return h("blockquote", { dir: "auto" }, children);
  if (type === "expandable_blockquote") return expandable(children);
  if (type === "spoiler") return spoiler(children);
  if (type === "bot_command") {
    return h("button", { type: "button", class: "link", on: { click: () => actions.command(text) } }, children);
  }
  const url = { text_link: entity.url, url: /^[a-z]+:/i.test(text) ? text : `https://${text}`, email: `mailto:${text}` }[type];
  if (url && LINKS.test(url)) return link(url, children, actions);
  if (["mention", "text_mention", "hashtag", "cashtag", "phone_number"].includes(type)) return h("span", { class: "reference" }, children);
  return h("span", {}, children); // custom_emoji, date_time, …: their text says it
}

function link(url, children, actions) {
  const click = (event) => {
    if (actions.link(url)) event.preventDefault();
  };
  return h("a", { href: url, title: url, target: "_blank", rel: "noopener noreferrer", on: { click } }, children);
}

function spoiler(children) {
  const hidden = h("span", {}, children);
  hidden.inert = true;
  const node = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden text: show" }, hidden);
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    node.classList.add("shown");
    hidden.inert = false;
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  node.addEventListener("click", reveal, { once: true });
  node.addEventListener("keydown", reveal);
  return node;
}

function expandable(children) {
  const body = h("div", { class: "quote-body" }, children);
  const toggle = h("button", { type: "button", class: "quote-toggle", "aria-expanded": "false" }, "Show all");
  const quote = h("blockquote", { class: "expandable", dir: "auto" }, body, toggle);
  toggle.addEventListener("click", () => {
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = open ? "Show less" : "Show all";
  });
  return quote;
}
