// The list of messages of one phone: keeps the DOM nodes in step with the store, and the scroll position sensible.

import { messageNode, unsentNode } from "./bubble.js";
import { h, icon } from "./dom.js";
import { store } from "./store.js";
import { dayKey, dayName } from "./time.js";

const PAGE = 120; // how many messages are drawn at first and with each "Earlier messages"
const NEAR = 90; // pixels from the foot that still count as "at the foot"
const TOGETHER = 5 * 60 * 1000; // messages of one side within this time stand close together

export class ChatView {
  #person;
  #context;
  #unsentActions;
  #limit = PAGE;
  #nodes = new Map(); // message id -> {message, signature, node}
  #days = new Map();
  #unseen = 0;
  #atFoot = true;
  #observer;

  /** `context` is handed on to the bubbles; `onSeen()` is called when the foot of the chat is in view. */
  constructor(person, { context, unsentActions, onSeen, empty }) {
    this.#person = person;
    this.#context = context;
    this.#unsentActions = unsentActions;
    this.onSeen = onSeen;
    this.empty = empty;
    this.list = h("div", { class: "messages" });
    this.scroller = h("div", {
      class: "scroller", role: "log", "aria-live": "off", "aria-label": "Messages", tabindex: "0",
      on: { scroll: () => this.#scrolled(), keydown: (event) => this.#keys(event) },
    }, this.list);
    this.footButton = h("button", { type: "button", class: "to-foot", hidden: true, on: { click: () => this.toFoot() } });
    this.node = h("div", { class: "chat" }, this.scroller, this.footButton);
    // Images, an opening keyboard or a turned phone change heights: who was at the foot stays there.
    this.#observer = new ResizeObserver(() => this.#atFoot && this.#follow());
    this.#observer.observe(this.scroller);
    this.#observer.observe(this.list);
  }

  destroy() {
    this.#observer.disconnect();
  }

  get atFoot() {
    return this.#atFoot;
  }

  /** Draw what the store holds. `fresh`: a message that has just come; `edited`: one that has just changed. */
  update({ fresh = null, edited = null } = {}) {
    const chat = store.chat(this.#person);
    if (!chat) return;
    const follow = this.#atFoot || fresh?.from === "me";
    const place = edited && !follow ? this.#placeOf(edited.id) : null;
    const wanted = this.#wanted(chat);
    const focus = this.#focusedPlace();
    // Move only what is out of place: moving a node would lose focus and restart animations.
    wanted.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
    while (this.list.children.length > wanted.length) this.list.lastChild.remove();
    this.#restoreFocus(focus);
    if (fresh) this.#nodes.get(fresh.id)?.node.classList.add("fresh");
    if (edited) this.#flash(this.#nodes.get(edited.id)?.node);
    if (place) this.#hold(edited.id, place);
    if (follow) this.#follow();
    else if (fresh) {
      this.#unseen += 1;
      this.#showFootButton();
    }
  }

  #wanted(chat) {
    const { messages } = chat;
    const unsent = store.outbox.of(this.#person);
    const shown = messages.slice(-this.#limit);
    const wanted = [];
    if (!messages.length && !unsent.length) {
      this.#nodes.clear();
      return [this.empty(chat)];
    }
    if (shown.length < messages.length) wanted.push(this.#earlier());
    const { zone } = this.#context;
    const used = new Set();
    let previous = null;
    let previousNode = null;
    for (const message of shown) {
      const day = dayKey(new Date(message.date), zone);
      const newDay = !previous || dayKey(new Date(previous.date), zone) !== day;
      if (newDay) wanted.push(this.#dayNode(day, message));
      const node = this.#nodeOf(message);
      const joined = !newDay && previous.from === message.from && Date.parse(message.date) - Date.parse(previous.date) < TOGETHER;
      node.classList.toggle("joined", joined);
      previousNode?.classList.toggle("last", !joined);
      node.classList.add("last");
      wanted.push(node);
      used.add(message.id);
      previous = message;
      previousNode = node;
    }
    for (const id of this.#nodes.keys()) if (!used.has(id)) this.#nodes.delete(id);
    for (const entry of unsent) wanted.push(unsentNode(entry, this.#unsentActions));
    return wanted;
  }

  #nodeOf(message) {
    const known = this.#nodes.get(message.id);
    if (known?.message === message) return known.node;
    const signature = JSON.stringify(message);
    if (known?.signature === signature) {
      known.message = message;
      return known.node;
    }
    const node = messageNode(message, this.#context);
    this.#nodes.set(message.id, { message, signature, node });
    return node;
  }

  /** Show that a tap on a button began or ended; in place, as the message itself did not change. */
  markTap(id, row, col, pending) {
    const button = this.#nodes.get(id)?.node.querySelector(`[data-at="${row}:${col}"]`);
    if (!button) return;
    button.classList.toggle("pending", pending);
    if (pending) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }

  #dayNode(day, message) {
    const label = dayName(new Date(message.date), store.now(), this.#context.zone);
    if (!this.#days.has(day)) this.#days.set(day, h("div", { class: "day" }, h("span", { dir: "ltr" })));
    const node = this.#days.get(day);
    if (node.textContent !== label) node.firstChild.textContent = label;
    return node;
  }

  #earlier() {
    const click = () => {
      const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
      this.#limit += PAGE;
      this.#atFoot = false;
      this.update();
      this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
    };
    return h("div", { class: "day" }, h("button", { type: "button", class: "earlier", on: { click } }, "Earlier messages"));
  }

  // A message that is drawn anew takes its buttons' focus with it; give it back to the button in the same place.
  #focusedPlace() {
    const active = document.activeElement;
    const message = active?.closest?.("[data-message]");
    if (!message || !this.list.contains(message)) return null;
    return { id: Number(message.dataset.message), at: active.dataset.at, active };
  }

  #restoreFocus(place) {
    if (!place || place.active.isConnected) return;
    const node = this.#nodes.get(place.id)?.node;
    const button = place.at && node?.querySelector(`[data-at="${place.at}"]`);
    (button || node || this.scroller).focus({ preventScroll: true });
  }

  // Where a message stands on the screen; null when it is out of sight.
  #placeOf(id) {
    const node = this.#nodes.get(id)?.node;
    if (!node?.isConnected) return null;
    const [box, view] = [node.getBoundingClientRect(), this.scroller.getBoundingClientRect()];
    return box.bottom > view.top && box.top < view.bottom ? { top: box.top, bottom: box.bottom, headSeen: box.top >= view.top } : null;
  }

  // A message that grows or shrinks under one's finger stays there: its head, or its foot when only that is in view.
  #hold(id, { top, bottom, headSeen }) {
    const box = this.#nodes.get(id)?.node.getBoundingClientRect();
    if (!box) return;
    const { style } = this.scroller;
    style.overflowAnchor = "none"; // the browser's own anchoring would come on top of this
    this.scroller.scrollTop += headSeen ? box.top - top : box.bottom - bottom;
    requestAnimationFrame(() => requestAnimationFrame(() => (style.overflowAnchor = "")));
  }

  #flash(node) {
    if (!node) return;
    node.classList.remove("flash");
    void node.offsetWidth; // so that the animation starts anew
    node.classList.add("flash");
  }

  /** Bring a message into view (a tap on a quote). */
  show(id) {
    const node = this.#nodes.get(id)?.node;
    if (!node) return false;
    node.scrollIntoView({ block: "center" });
    this.#flash(node);
    return true;
  }

  /** Stay where the news is: at the foot of a chat, at the head of a letter. */
  #follow() {
    if (store.chat(this.#person)?.messages.length === 0) this.scroller.scrollTop = 0;
    else this.toFoot();
  }

  toFoot() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#atFoot = true;
    this.#unseen = 0;
    this.#showFootButton();
    this.onSeen();
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#atFoot = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.#atFoot) {
      this.#unseen = 0;
      this.onSeen();
    }
    this.#showFootButton();
  }

  #showFootButton() {
    this.footButton.hidden = this.#atFoot;
    const count = this.#unseen;
    this.footButton.replaceChildren(icon("down"), count ? h("span", { class: "count" }, String(count)) : "");
    this.footButton.setAttribute("aria-label", count ? `Down to ${count} new` : "Down to the newest");
  }

  // Arrow keys walk from message to message, Enter opens the message's menu; the buttons stay in the Tab order.
  #keys(event) {
    const onMessage = event.target.matches("[data-message]");
    if (event.target !== this.scroller && !onMessage) return;
    const nodes = [...this.list.querySelectorAll("[data-message]")];
    const at = nodes.indexOf(event.target);
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const next = event.key === "ArrowUp" ? (at < 0 ? nodes.length - 1 : at - 1) : at + 1;
      if (!nodes[next] || (at < 0 && event.key === "ArrowDown")) return;
      event.preventDefault();
      nodes[next].focus({ preventScroll: true });
      nodes[next].scrollIntoView({ block: "nearest" });
    } else if (onMessage && event.key === "Enter") {
      event.preventDefault();
      const id = Number(event.target.dataset.message);
      const { left, top } = event.target.getBoundingClientRect();
      this.#context.actions.menu(this.#context.quoted(id), { point: { x: left + 40, y: top + 24 } });
    } else if (event.key === "Escape") this.scroller.focus();
  }
}
