// The foot of a phone: the text field with its buttons, the reply keyboard, or one big button (Start, Unblock).

import { preview } from "./bubble.js";
import { CommandList } from "./commands.js";
import { h, icon, iconButton } from "./dom.js";
import { draftOf, keepDraft } from "./outbox.js";

const TALLEST = 140;

export class Composer {
  #person;
  #actions;
  #commands = [];
  #keyboard = null;
  #keyboardOpen = false;
  #about = null; // {kind: "reply" | "edit", message}
  #beforeEdit = "";

  /** `actions`: {send(text, replyTo), edit(message, text), files(list), start(), unblock(), lastOwn()} */
  constructor(person, actions) {
    this.#person = person;
    this.#actions = actions;
    this.input = h("textarea", {
      name: "text", rows: "1", dir: "auto", autocomplete: "off", enterkeyhint: "send", "aria-label": "Message", placeholder: "Message",
      on: {
        input: () => this.#typed(),
        keydown: (event) => this.#keys(event),
        paste: (event) => this.#pasted(event),
      },
    });
    this.list = new CommandList(this.input, (command) => this.#send(command));
    this.picker = h("input", {
      type: "file", multiple: true, hidden: true,
      on: { change: () => { this.#actions.files([...this.picker.files]); this.picker.value = ""; } },
    });
    this.menuButton = iconButton("menu", "Commands", () => this.#toggleCommands(), { class: "command-button" });
    this.keyboardButton = iconButton("keyboard", "Keyboard of the bot", () => this.#toggleKeyboard(), { class: "keyboard-button", hidden: true });
    this.sendButton = iconButton("send", "Send", () => this.#submit(), { class: "send-button" });
    this.aboutBar = h("div", { class: "about", hidden: true });
    this.keys = h("div", { class: "reply-keyboard", role: "group", "aria-label": "Keyboard of the bot", hidden: true });
    this.bar = h("div", { class: "bar" },
      this.menuButton,
      h("div", { class: "field" },
        iconButton("clip", "Attach a file", () => this.picker.click(), { class: "attach-button" }),
        this.input,
        this.keyboardButton,
      ),
      this.sendButton,
      this.picker,
    );
    this.node = h("div", { class: "composer", on: { focusout: (event) => this.#left(event) } });
    this.input.value = draftOf(person);
  }

  /** Show what fits the chat's state. */
  update(chat) {
    this.#commands = chat.commands ?? [];
    this.menuButton.hidden = !this.#commands.length;
    this.#setKeyboard(chat.keyboard);
    if (chat.blocked) return this.#big("You blocked the bot – Unblock", "unblock", () => this.#actions.unblock());
    if (!chat.started) return this.#big("Start", "start", () => this.#actions.start());
    if (this.bar.isConnected) return;
    this.node.replaceChildren(this.list.node, this.aboutBar, this.bar, this.keys);
    this.#grow();
  }

  get writable() {
    return this.bar.isConnected;
  }

  #big(label, name, action) {
    if (this.node.querySelector(`.big-${name}`)) return;
    this.node.replaceChildren(h("button", { type: "button", class: `big-button big-${name}`, on: { click: action } }, label));
  }

  setCommands(commands) {
    this.#commands = commands ?? [];
    this.menuButton.hidden = !this.#commands.length;
  }

  // -- the reply keyboard ------------------------------------------------------------------------------------------

  #setKeyboard(keyboard) {
    if (JSON.stringify(keyboard ?? null) === JSON.stringify(this.#keyboard)) return;
    this.#keyboard = keyboard ?? null;
    this.#keyboardOpen = Boolean(keyboard);
    this.input.placeholder = keyboard?.placeholder || "Message";
    this.#drawKeyboard();
  }

  showKeyboard(keyboard) {
    this.#setKeyboard(keyboard);
  }

  #toggleKeyboard() {
    this.#keyboardOpen = !this.#keyboardOpen;
    this.#drawKeyboard();
  }

  #drawKeyboard() {
    const rows = this.#keyboard?.rows ?? [];
    this.keyboardButton.hidden = !rows.length;
    this.keyboardButton.setAttribute("aria-expanded", String(this.#keyboardOpen));
    this.keyboardButton.classList.toggle("on", this.#keyboardOpen);
    this.keys.hidden = !rows.length || !this.#keyboardOpen;
    this.keys.classList.toggle("tall", this.#keyboard?.resize === false);
    this.keys.replaceChildren(...rows.map((row) => h("div", { class: "key-row" }, row.map((label) => {
      const text = typeof label === "string" ? label : label.text;
      return h("button", { type: "button", on: { click: () => this.#press(text) } }, h("bdi", {}, text));
    }))));
  }

  #press(text) {
    this.list.close();
    if (this.#keyboard?.one_time) {
      this.#keyboardOpen = false;
      this.#drawKeyboard();
    }
    this.#actions.send(text, null);
  }

  // -- reply and edit ----------------------------------------------------------------------------------------------

  reply(message) {
    this.#setAbout({ kind: "reply", message });
  }

  edit(message) {
    if (this.#about?.kind !== "edit") this.#beforeEdit = this.input.value;
    this.#setAbout({ kind: "edit", message });
    this.#setText(message.text);
  }

  #setAbout(about) {
    if (this.#about?.kind === "edit" && about?.kind !== "edit") this.#setText(this.#beforeEdit);
    this.#about = about;
    this.aboutBar.hidden = !about;
    this.sendButton.replaceChildren(icon(about?.kind === "edit" ? "check" : "send"));
    this.sendButton.setAttribute("aria-label", about?.kind === "edit" ? "Save" : "Send");
    if (!about) return;
    this.aboutBar.replaceChildren(
      icon(about.kind),
      h("div", { class: "about-text" },
        h("bdi", { class: "about-name" }, about.kind === "edit" ? "Edit message" : "Reply"),
        h("span", { dir: "auto" }, preview(about.message)),
      ),
      iconButton("close", "Cancel", () => this.#setAbout(null)),
    );
    this.input.focus();
  }

  /** The message the composer speaks about has gone. */
  forget(messageId) {
    if (this.#about?.message.id === messageId) this.#setAbout(null);
  }

  // -- typing and sending ------------------------------------------------------------------------------------------

  #setText(text) {
    this.input.value = text;
    this.#typed();
  }

  #typed() {
    const { value } = this.input;
    if (this.#about?.kind !== "edit") keepDraft(this.#person, value);
    if (/^\/\w*$/.test(value)) this.list.show(this.#commands, value);
    else this.list.close();
    this.#grow();
  }

  #grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(TALLEST, this.input.scrollHeight)}px`;
    this.sendButton.classList.toggle("ready", Boolean(this.input.value.trim()));
  }

  #keys(event) {
    if (event.isComposing) return;
    if (this.list.key(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && this.#about) {
      event.stopPropagation();
      this.#setAbout(null);
    } else if (event.key === "ArrowUp" && !this.input.value && !this.#about) {
      const own = this.#actions.lastOwn();
      if (!own) return;
      event.preventDefault();
      this.edit(own);
    }
  }

  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.#actions.files(files);
  }

  #left(event) {
    if (!this.node.contains(event.relatedTarget)) this.list.close();
  }

  #toggleCommands() {
    if (this.list.open) return this.list.close();
    this.list.show(this.#commands);
    this.input.focus();
  }

  #submit() {
    const text = this.input.value.trim();
    if (!text) return this.input.focus();
    this.#send(text);
  }

  #send(text) {
    const about = this.#about;
    if (about?.kind === "edit") {
      this.#setAbout(null);
      if (text !== about.message.text) this.#actions.edit(about.message, text);
    } else {
      this.#setAbout(null);
      this.#setText("");
      this.#actions.send(text, about?.message ?? null);
    }
    this.input.focus();
  }
}
