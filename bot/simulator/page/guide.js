// "Try this": the steps the server proposes. They tick themselves off as the visitor goes along.

import { h, icon, iconButton } from "./dom.js";
import { store } from "./store.js";

const PAUSE = 1400; // milliseconds that a step stands ticked before the next one opens
const KEY = "skolebud.guide";

/** `changed(people)`: the phones that the open step is about; none while the guide is closed. */
export class Guide {
  #changed;
  #open;
  #current = null;
  #done = new Set();
  #timer = null;
  #drawn = "";

  constructor(changed) {
    this.#changed = changed;
    this.#open = remembered();
    this.chips = h("ol", { class: "guide-steps" });
    this.text = h("p", { class: "guide-text", role: "status" });
    this.next = h("button", { type: "button", class: "guide-next", on: { click: () => this.#next() } });
    this.node = h("aside", { class: "guide", "aria-label": "Try this", hidden: true },
      h("div", { class: "guide-row" }, this.chips, iconButton("close", "Close the guide", () => this.toggle(false))),
      h("div", { class: "guide-row" }, this.text, this.next),
    );
    this.button = iconButton("question", "What to try here", () => this.toggle(), { hidden: true, "aria-expanded": "false" });
    store.on((event) => this.#look(event));
  }

  toggle(open = !this.#open) {
    this.#open = open;
    try {
      localStorage.setItem(KEY, open ? "open" : "closed");
    } catch {
      // Not remembered, then.
    }
    this.#draw();
  }

  /** Tick off what the chats show to be done; when that was the open step, open the next one. */
  #look({ type }) {
    const { guide } = store;
    if (!guide.length) return this.#draw();
    this.#current ??= this.#firstLeft();
    guide.forEach((step, index) => {
      if (this.#done.has(index) || !isDone(step)) return;
      this.#done.add(index);
      if (index !== this.#current) return;
      clearTimeout(this.#timer);
      // What a chat already shows when it is read was done before.
      this.#timer = setTimeout(() => this.#show(this.#firstLeft()), type === "chat" ? 0 : PAUSE);
    });
    this.#draw();
  }

  #firstLeft() {
    const left = store.guide.findIndex((_, index) => !this.#done.has(index));
    return left < 0 ? store.guide.length - 1 : left;
  }

  #next() {
    // What shows nowhere as done counts as done when the visitor goes on.
    if (store.guide[this.#current].watch === null) this.#done.add(this.#current);
    if (this.#current + 1 < store.guide.length) this.#show(this.#current + 1);
    else this.toggle(false);
  }

  #show(index) {
    clearTimeout(this.#timer);
    this.#current = index;
    this.#draw();
  }

  #draw() {
    const { guide } = store;
    const state = JSON.stringify([this.#open, this.#current, [...this.#done], guide]);
    if (state === this.#drawn) return;
    this.#drawn = state;
    this.button.hidden = !guide.length;
    this.button.setAttribute("aria-expanded", String(this.#open));
    const step = guide[this.#current];
    this.node.hidden = !this.#open || !step;
    this.#changed(this.node.hidden ? [] : step.people);
    if (!step) return;
    this.chips.replaceChildren(...guide.map((each, index) => this.#chip(each, index)));
    this.text.replaceChildren(...marked(step.text));
    this.next.textContent = this.#current + 1 < guide.length ? "Next" : "Close";
  }

  #chip(step, index) {
    const done = this.#done.has(index);
    return h("li", {},
      h("button", {
        type: "button", class: done ? "done" : "", "aria-current": index === this.#current ? "step" : null, data: { step: index },
        on: { click: () => this.#show(index) },
      },
        h("span", { class: "guide-number" }, done ? icon("check") : String(index + 1)),
        h("span", { class: "guide-title" }, step.title, done && h("span", { class: "sr" }, " (done)")),
      ),
    );
  }
}

function isDone({ watch, done }) {
  const chat = watch === null ? null : store.chat(watch);
  return Boolean(chat?.messages.some((message) => message.from === "bot" && done.some((words) => says(message, words))));
}

function says(message, words) {
  const labels = (message.buttons ?? []).flat().map((button) => button.text);
  return [message.text, message.caption, ...labels].some((text) => text?.includes(words));
}

/** `labels` between backticks look like the keys they name. */
function marked(text) {
  return text.split("`").map((part, index) => (index % 2 ? h("bdi", { class: "guide-key" }, part) : part));
}

function remembered() {
  if (new URLSearchParams(location.search).get("guide") === "off") return false;
  try {
    return localStorage.getItem(KEY) !== "closed";
  } catch {
    return true;
  }
}
