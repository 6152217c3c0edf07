// One message: the bubble and the inline buttons below it.

import { h, icon, iconButton } from "./dom.js";
import { renderText } from "./entities.js";
import { openLightbox } from "./overlay.js";
import { fileSize, fullTime, timeOfDay } from "./time.js";

const GLYPHS = {
  sticker: ["smile", "Sticker"],
  voice: ["mic", "Voice message"],
  location: ["pin", "Location"],
  other: ["file", "Message of a kind the simulator does not show"],
};

/** `context`: {zone, botName, actions, quoted(id), pendingTap(message, row, col)} */
export function messageNode(message, context) {
  const mine = message.from === "me";
  const date = new Date(message.date);
  const who = mine ? "You" : context.botName;
  const buttons = message.buttons?.some((row) => row.length) ? message.buttons : null;
  return h("div", {
    class: `message ${mine ? "mine" : "theirs"} kind-${message.kind}${buttons ? " has-buttons" : ""}`,
    role: "article",
    tabindex: "-1",
    "aria-label": `${who}, ${timeOfDay(date, context.zone)}`,
    data: { message: message.id },
  },
    bubble(message, context, date),
    buttons && keyboard(message, buttons, context),
  );
}

function bubble(message, context, date) {
  const text = message.text || message.caption || "";
  const entities = message.text ? message.entities : message.caption_entities;
  const meta = metaNode(message, context.zone, date);
  const parts = [];
  if (message.reply_to) parts.push(quote(message.reply_to, context));
  if (message.photo) parts.push(photo(message));
  if (message.document) parts.push(documentLink(message.document));
  if (GLYPHS[message.kind] && !text) parts.push(glyph(message.kind));
  const bare = message.photo && !text;
  if (text) {
    // The time floats at the end of the last line, or stands below it when there is no room, in either direction.
    const size = message.kind === "text" && !entities?.length && onlyEmoji(text) ? " only-emoji" : "";
    parts.push(h("div", { class: `text${size}`, dir: "auto" }, renderText(text, entities, context.actions), meta));
  } else parts.push(meta);
  // For the mouse only; with the keyboard, Enter on the message opens the same menu.
  const more = iconButton("chevron", "Message menu", (event) => context.actions.menu(message, { anchor: event.currentTarget }), {
    class: "more", tabindex: "-1", "aria-hidden": "true",
  });
  return h("div", { class: `bubble${message.photo ? " with-photo" : ""}${bare ? " bare" : ""}` }, parts, more);
}

function metaNode(message, zone, date) {
  const exact = message.edited && message.edit_date
    ? `${fullTime(date, zone)} · edited ${fullTime(new Date(message.edit_date), zone)}`
    : fullTime(date, zone);
  return h("span", { class: "meta", title: exact },
    message.silent && icon("mute"),
    message.edited && h("span", { class: "edited" }, "edited"),
    h("time", { datetime: message.date, dir: "ltr" }, timeOfDay(date, zone)),
    message.from === "me" && icon("checks"),
  );
}

function quote(reply, context) {
  const original = context.quoted(reply.id);
  const name = original ? (original.from === "me" ? "You" : context.botName) : "Reply";
  return h("button", {
    type: "button", class: "reply-quote", title: "Show that message",
    on: { click: () => context.actions.show(reply.id) },
  },
    h("bdi", { class: "reply-name" }, name),
    h("span", { class: "reply-text", dir: "auto" }, reply.text || preview(original)),
  );
}

/** What stands for a message in one line. */
export function preview(message) {
  if (!message) return "Message";
  return message.text || message.caption || message.document?.name || (message.photo ? "Photo" : GLYPHS[message.kind]?.[1] ?? "Message");
}

function photo(message) {
  const { url, width, height } = message.photo;
  const image = h("img", { src: url, alt: message.caption || "Photo", loading: "lazy", width, height });
  return h("button", {
    type: "button", class: "photo", "aria-label": "Open the photo",
    on: { click: () => openLightbox(url, message.caption) },
  }, image);
}

function documentLink(file) {
  return h("a", { class: "document", href: file.url, target: "_blank", rel: "noopener noreferrer" },
    h("span", { class: "document-icon" }, icon("file")),
    h("span", { class: "document-text" },
      h("bdi", { class: "document-name" }, file.name || "Document"),
      h("bdi", { class: "document-size" }, [fileSize(file.size), extension(file)].filter(Boolean).join(" · ")),
    ),
  );
}

function extension(file) {
  const match = /\.([a-z0-9]{1,5})$/i.exec(file.name || "");
  return match ? match[1].toUpperCase() : "";
}

function glyph(kind) {
  const [name, label] = GLYPHS[kind];
  return h("div", { class: "glyph" }, icon(name), h("span", {}, label));
}

function onlyEmoji(text) {
  return text.length <= 24 && /^(\p{Extended_Pictographic}(\p{Emoji_Modifier}|\uFE0F)?(\u200D\p{Extended_Pictographic}\uFE0F?)*\s?){1,3}$/u.test(text);
}

function keyboard(message, rows, context) {
  return h("div", { class: "buttons", role: "group", "aria-label": "Buttons" },
    rows.map((row, r) => h("div", { class: "button-row" }, row.map((button, c) => inlineButton(message, button, r, c, context)))),
  );
}

function inlineButton(message, button, row, col, context) {
  const pending = context.pendingTap(message, row, col);
  return h("button", {
    type: "button",
    class: pending ? "pending" : "",
    "aria-busy": pending ? "true" : null,
    title: button.url || null,
    data: { at: `${row}:${col}` },
    on: { click: () => context.actions.tap(message, row, col) },
  }, h("bdi", {}, button.text), button.url && icon("external"), h("span", { class: "spinner", "aria-hidden": "true" }));
}

/** A message of our own that the simulator has not confirmed. */
export function unsentNode(entry, { retry, discard }) {
  const failed = entry.status === "failed";
  const label = entry.error ? `Not sent: ${entry.error}` : "Not sent – tap to try again";
  return h("div", { class: `message mine unsent ${entry.status}`, data: { unsent: entry.key } },
    h("div", { class: "bubble" },
      entry.file && h("div", { class: "glyph" }, icon(entry.kind === "photo" ? "image" : "file"), h("bdi", {}, entry.file.name || "Photo")),
      h("div", { class: "text", dir: "auto" }, entry.text || "", h("span", { class: "meta" }, icon(failed ? "warning" : "clock"))),
    ),
    failed && h("div", { class: "unsent-actions" },
      h("button", { type: "button", class: "retry", on: { click: () => retry(entry.key) } }, label),
      h("button", { type: "button", class: "discard", on: { click: () => discard(entry.key) } }, "Discard"),
    ),
  );
}
