// The list of the bot's commands above the composer: all of them (menu button) or those that begin as typed.

import { h } from "./dom.js";
import { newId } from "./overlay.js";

export class CommandList {
  #choose;
  #input;
  #items = [];
  #active = -1;

  /** `input` is the text field that keeps the focus; `choose(command)` is called with "/name". */
  constructor(input, choose) {
    this.#input = input;
    this.#choose = choose;
    this.id = newId("commands");
    this.node = h("div", {
      class: "commands", role: "listbox", id: this.id, "aria-label": "Commands", hidden: true,
      // The text field keeps the focus, so that the list does not close before the click arrives.
      on: { mousedown: (event) => event.preventDefault() },
    });
    input.setAttribute("aria-controls", this.id);
    input.setAttribute("aria-autocomplete", "list");
  }

  get open() {
    return !this.node.hidden;
  }

  show(commands, typed = "/") {
    const start = typed.toLowerCase();
    const found = commands.filter(({ command }) => `/${command}`.startsWith(start));
    if (!found.length) return this.close();
    this.#items = found.map(({ command, description }, index) => h("div", {
      class: "command", role: "option", id: `${this.id}-${index}`, "aria-selected": "false",
      on: { click: () => this.#pick(index), pointermove: () => this.#mark(index) },
      data: { command: `/${command}` },
    }, h("bdi", { class: "command-name" }, `/${command}`), h("span", { class: "command-text", dir: "auto" }, description)));
    this.node.replaceChildren(...this.#items);
    this.node.hidden = false;
    this.#mark(0);
  }

  close() {
    this.node.hidden = true;
    this.#items = [];
    this.#mark(-1);
  }

  /** true: the key was meant for the list. */
  key(event) {
    if (!this.open) return false;
    const count = this.#items.length;
    if (event.key === "ArrowDown") this.#mark((this.#active + 1) % count);
    else if (event.key === "ArrowUp") this.#mark((this.#active + count - 1) % count);
    else if (event.key === "Enter" && !event.shiftKey) this.#pick(this.#active);
    else if (event.key === "Tab" && !event.shiftKey) {
      this.#input.value = `${this.#items[this.#active].dataset.command} `;
      this.#input.dispatchEvent(new Event("input"));
    } else if (event.key === "Escape") this.close();
    else return false;
    return true;
  }

  #pick(index) {
    const { command } = this.#items[index].dataset;
    this.close();
    this.#choose(command);
  }

  #mark(index) {
    this.#active = index;
    this.#items.forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    const item = this.#items[index];
    if (item) {
      this.#input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else this.#input.removeAttribute("aria-activedescendant");
  }
}
