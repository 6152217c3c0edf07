// One phone: who owns it, the chat with the bot, and everything the person can do there.

import { api } from "./api.js";
import { acceptDrops, askAndSend } from "./attach.js";
import { ChatView } from "./chat.js";
import { Composer } from "./composer.js";
import { h, icon, iconButton } from "./dom.js";
import { emptyHint, showLetter, startHint } from "./letter.js";
import { alertDialog, openMenu, toast } from "./overlay.js";
import { store } from "./store.js";
import { Switcher } from "./switcher.js";
import { timeOfDay } from "./time.js";

const TYPING = 5500; // how long "typing …" stands after sendChatAction, as in Telegram

// With its label: when the message changes while the tap waits, the new button in that place is not the pressed one.
const tapKey = (message, row, col) => `${message.id}:${row}:${col}:${message.buttons[row][col].text}`;

export class Phone {
  #taps = new Set();
  #typingTimer = null;
  #readTimer = null;
  #inView = false;
  #leave;

  /** `choose(id)`: show another person here; `isShown(id)`: some phone shows that person. */
  constructor(id, { choose, isShown }) {
    this.id = id;
    const actions = {
      command: (text) => this.send(text, null),
      link: (url) => this.#link(url),
      menu: (message, where) => this.#messageMenu(message, where),
      show: (messageId) => this.chat.show(messageId),
      tap: (message, row, col) => this.#tap(message, row, col),
    };
    this.chat = new ChatView(id, {
      context: {
        zone: store.clock.zone,
        botName: store.bot.name,
        actions,
        quoted: (messageId) => store.chat(id)?.messages.find((message) => message.id === messageId),
        pendingTap: (message, row, col) => this.#taps.has(tapKey(message, row, col)),
      },
      unsentActions: { retry: (key) => store.outbox.retry(key, this.#own), discard: (key) => store.outbox.discard(key) },
      onSeen: () => this.#seen(),
      empty: (chat) => (chat.started ? emptyHint(store.bot) : startHint(this.person, store.bot, () => this.#openLetterLink())),
    });
    this.composer = new Composer(id, {
      send: (text, replyTo) => this.send(text, replyTo),
      edit: (message, text) => this.#edit(message, text),
      files: (files) => this.#files(files),
      start: () => this.#do(() => api.start(id)),
      unblock: () => this.#do(() => api.unblock(id)),
      lastOwn: () => store.chat(id)?.messages.filter((message) => message.from === "me" && message.kind === "text").at(-1),
    });
    this.switcher = new Switcher(id, { choose, isShown });
    this.#build();
    this.#leave = store.on((event) => this.#hear(event));
  }

  get person() {
    return store.person(this.id);
  }

  #build() {
    const { person } = this;
    this.time = h("span", { dir: "ltr" });
    this.status = h("span", { class: "status", dir: "ltr" }, "bot");
    this.menuButton = iconButton("dots", "Phone menu", () => this.#phoneMenu(), { "aria-haspopup": "menu", "aria-expanded": "false" });
    this.toasts = h("div", { class: "toasts", role: "status" });
    this.chat.node.append(this.toasts);
    this.screen = h("div", { class: "screen" },
      h("div", { class: "status-bar", "aria-hidden": "true" }, this.time, h("span", { class: "lens" }), h("span", { class: "battery" }, icon("signal"), h("i"))),
      h("header", { class: "top-bar" },
        h("img", { class: "bot-avatar", src: "/page/logo.svg", alt: "", width: "40", height: "40" }),
        h("div", { class: "bot-name" }, h("strong", {}, store.bot.name), this.status),
        this.menuButton,
      ),
      this.chat.node,
      this.composer.node,
    );
    acceptDrops(this.screen, () => this.composer.writable, (files) => this.#files(files));
    const name = person?.title || person?.name || "";
    this.node = h("section", {
      class: "phone", dir: person?.rtl ? "rtl" : "ltr", "aria-label": `Phone of ${name}`, data: { person: this.id },
      on: {
        // Only the phone one works in speaks; four chats at once would be noise in a screen reader.
        focusin: () => this.chat.scroller.setAttribute("aria-live", "polite"),
        focusout: () => this.chat.scroller.setAttribute("aria-live", "off"),
      },
    }, this.switcher.node, h("div", { class: "device" }, this.screen));
    this.#messageGestures();
    this.tick();
    this.#draw();
  }

  destroy() {
    this.#leave();
    this.chat.destroy();
    clearTimeout(this.#typingTimer);
    clearTimeout(this.#readTimer);
    this.node.remove();
  }

  tick() {
    const time = timeOfDay(store.now(), store.clock.zone);
    if (this.time.textContent !== time) this.time.textContent = time;
  }

  #draw() {
    const chat = store.chat(this.id);
    if (!chat) return;
    this.node.classList.toggle("ready", true);
    this.composer.update(chat);
    this.chat.update();
  }

  #hear(event) {
    const { type } = event;
    if (type === "people" || type === "person" || type === "unread") this.switcher.update();
    if (event.person !== this.id) return;
    const chat = store.chat(this.id);
    if (type === "chat" || type === "person") this.#draw();
    else if (type === "message") {
      if (event.message.from === "bot") this.#typing(false);
      this.chat.update({ fresh: event.fresh ? event.message : null, edited: event.fresh ? null : event.edit && event.message });
    } else if (type === "delete") {
      this.composer.forget(event.message_id);
      this.chat.update();
    } else if (type === "outbox") {
      if (chat) this.chat.update({ fresh: { from: "me" } });
    } else if (type === "keyboard") this.composer.showKeyboard(event.keyboard);
    else if (type === "commands") this.composer.setCommands(event.commands);
    else if (type === "typing") this.#typing(true);
    else if (type === "unread") this.#seen();
    else if (type === "alert" && !this.#taps.size) this.#say(event); // our own taps get the text as their answer
  }

  #typing(on) {
    clearTimeout(this.#typingTimer);
    this.status.textContent = on ? "typing …" : "bot";
    this.status.classList.toggle("typing", on);
    if (on) this.#typingTimer = setTimeout(() => this.#typing(false), TYPING);
  }

  // -- reading -----------------------------------------------------------------------------------------------------

  /** Told by the page when the phone comes into view or leaves it. */
  setInView(inView) {
    this.#inView = inView;
    this.#seen();
  }

  /** The newest messages are on the screen: tell the server, which takes the badge away. */
  #seen() {
    if (this.#readTimer) return;
    this.#readTimer = setTimeout(async () => {
      const visible = this.#inView && !document.hidden && this.chat.atFoot;
      if (visible && this.person?.unread) await api.read(this.id).catch(() => {});
      this.#readTimer = null;
    }, 250);
  }

  // -- what the person does ----------------------------------------------------------------------------------------

  #own = (message) => message && store.apply({ type: "message", person: this.id, message });

  send(text, replyTo) {
    const messages = store.chat(this.id)?.messages ?? [];
    store.outbox.sendText(this.id, text, { replyTo, afterId: messages.at(-1)?.id ?? 0, onMessage: this.#own });
  }

  #files(files) {
    askAndSend(this.screen, files, (file, kind, caption) => store.outbox.sendFile(this.id, file, kind, caption, this.#own));
  }

  async #do(work) {
    try {
      await work();
      // The answer comes over the live line as well; reading the chat makes it sure.
      await store.loadChat(this.id);
    } catch (error) {
      this.toast(error.message);
    }
  }

  async #edit(message, text) {
    try {
      const answer = await api.edit(this.id, message.id, text);
      if (answer.message) store.apply({ type: "edit", person: this.id, message: answer.message });
    } catch (error) {
      this.toast(error.message);
      this.composer.edit({ ...message, text }); // the new wording is not lost
    }
  }

  async #tap(message, row, col) {
    const { url } = message.buttons[row][col];
    if (url) {
      if (!this.#link(url)) window.open(url, "_blank", "noopener,noreferrer");
      return;
    }
    const key = tapKey(message, row, col);
    if (this.#taps.has(key)) return;
    this.#taps.add(key);
    this.chat.markTap(message.id, row, col, true);
    let answer;
    try {
      answer = await api.tap(this.id, message.id, row, col);
    } catch (error) {
      this.toast(error.message);
    }
    this.#taps.delete(key);
    this.chat.markTap(message.id, row, col, false);
    if (!answer) return;
    if (!answer.answered) this.toast("The bot has not answered this tap.");
    this.#say(answer);
    if (answer.url && !this.#link(answer.url)) window.open(answer.url, "_blank", "noopener,noreferrer");
  }

  #say({ text, show_alert: alert }) {
    if (!text) return;
    if (alert) alertDialog(this.screen, text);
    else this.toast(text);
  }

  toast(text) {
    toast(this.toasts, text);
  }

  /** A link to the bot itself opens here, not in the real Telegram. true: it was such a link. */
  #link(url) {
    let link;
    try {
      link = new URL(url);
    } catch {
      return true; // not a link anybody could open
    }
    if (!/^(www\.)?(t\.me|telegram\.me)$/.test(link.hostname)) return !/^(https?|tg|mailto|tel):$/.test(link.protocol);
    if (link.pathname.slice(1).toLowerCase() !== store.bot.username.toLowerCase()) return false;
    this.#do(() => api.start(this.id, link.searchParams.get("start") || undefined));
    return true;
  }

  #openLetterLink() {
    this.#do(() => api.start(this.id, this.person.start_payload || undefined));
  }

  // -- menus -------------------------------------------------------------------------------------------------------

  #phoneMenu() {
    const chat = store.chat(this.id);
    const items = [{ icon: "person", label: "Change person", action: () => this.switcher.open() }];
    if (this.person?.letter) {
      items.push({ icon: "letter", label: "Letter from the school", action: () => showLetter(this.screen, this.person, () => this.#openLetterLink()) });
    }
    if (chat?.started && !chat.blocked) items.push({ icon: "forward", label: "Send /start", action: () => this.#do(() => api.start(this.id)) });
    if (chat?.blocked) items.push({ icon: "check", label: "Unblock bot", action: () => this.#do(() => api.unblock(this.id)) });
    else if (chat?.started) items.push({ icon: "block", label: "Block bot", danger: true, action: () => this.#do(() => api.block(this.id)) });
    openMenu(this.screen, { anchor: this.menuButton, items, label: "Phone" });
  }

  #messageMenu(message, where) {
    const items = [];
    if (this.composer.writable) items.push({ icon: "reply", label: "Reply", action: () => this.composer.reply(message) });
    if (this.composer.writable && message.from === "me" && message.kind === "text") {
      items.push({ icon: "edit", label: "Edit", action: () => this.composer.edit(message) });
    }
    const text = message.text || message.caption;
    if (text) items.push({ icon: "copy", label: "Copy text", action: () => this.#copy(text) });
    if (items.length) openMenu(this.screen, { ...where, items, label: "Message" });
  }

  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast("Copied");
    } catch {
      this.toast("The browser does not allow copying here.");
    }
  }

  /** Right click, or a long press (which some phones do not turn into a right click by themselves). */
  #messageGestures() {
    const { list } = this.chat;
    const open = (target, x, y) => {
      const node = target.closest?.("[data-message]");
      const message = node && store.chat(this.id)?.messages.find((each) => each.id === Number(node.dataset.message));
      if (message) this.#messageMenu(message, { point: { x, y } });
      return Boolean(message);
    };
    let press = null;
    const stop = () => clearTimeout(press);
    list.addEventListener("contextmenu", (event) => {
      stop();
      if (String(window.getSelection()) || event.target.closest("a")) return; // the browser's own menu is of more use
      if (open(event.target, event.clientX, event.clientY)) event.preventDefault();
    });
    list.addEventListener("pointerdown", (event) => {
      stop();
      if (event.pointerType !== "touch" || event.target.closest("button, a")) return;
      press = setTimeout(() => open(event.target, event.clientX, event.clientY), 550);
    });
    for (const name of ["pointerup", "pointermove", "pointercancel"]) list.addEventListener(name, stop);
  }
}
