// "Whose phone is this?": the button above each phone and the list of all people with search.

import { avatar, badge, h, icon } from "./dom.js";
import { newId } from "./overlay.js";
import { store } from "./store.js";

const MOST = 80; // a school may have hundreds of people; the search finds the rest

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** "mother · العربية · 5A": each part by itself, else the class would slip into the Arabic. */
function noteParts(note) {
  return (note || "").split(" · ").map((part, index) => [index ? " · " : "", h("bdi", {}, part)]);
}

export class Switcher {
  #current;
  #choose;
  #isShown;
  #options = [];
  #active = -1;

  /** `choose(id)`; `isShown(id)`: whether some phone shows that person already (they would swap places). */
  constructor(current, { choose, isShown }) {
    this.#current = current;
    this.#choose = choose;
    this.#isShown = isShown;
    this.listId = newId("people");
    this.button = h("button", {
      type: "button", class: "owner", "aria-haspopup": "listbox", "aria-expanded": "false",
      on: { click: () => (this.panel.hidden ? this.open() : this.close()) },
    });
    this.search = h("input", {
      type: "text", class: "search", placeholder: "Search people", "aria-label": "Search people", role: "combobox", dir: "auto",
      "aria-expanded": "true", "aria-controls": this.listId, autocomplete: "off",
      on: { input: () => this.#draw(), keydown: (event) => this.#keys(event) },
    });
    this.list = h("ul", { class: "people", role: "listbox", id: this.listId, "aria-label": "People" });
    this.panel = h("div", { class: "panel", hidden: true }, h("div", { class: "search-row" }, icon("search"), this.search), this.list);
    // The switcher speaks the page's language, English, also above a right-to-left phone.
    this.node = h("div", { class: "switcher", dir: "ltr", on: { focusout: (event) => this.#left(event) } }, this.button, this.panel);
    this.update();
  }

  update() {
    const person = store.person(this.#current);
    if (!person) return;
    const elsewhere = [...store.people.values()].some((other) => other.unread && !this.#isShown(other.id));
    this.button.replaceChildren(
      avatar(person),
      h("span", { class: "owner-text" },
        h("bdi", { class: "owner-name" }, person.title || person.name),
        h("span", { class: "owner-note" }, noteParts(person.note)),
      ),
      elsewhere ? h("span", { class: "dot", title: "Somebody else has unread messages" }, h("span", { class: "sr" }, "unread elsewhere")) : "",
      icon("chevron"),
    );
    this.button.setAttribute("aria-label", `Phone of ${person.title || person.name}, ${person.note || ""}. Change person`);
    if (!this.panel.hidden) this.#draw();
  }

  open() {
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.search.value = "";
    this.#draw();
    this.search.focus({ preventScroll: true });
  }

  close(refocus = true) {
    this.panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (refocus) this.button.focus({ preventScroll: true });
  }

  #left(event) {
    if (!this.panel.hidden && !this.node.contains(event.relatedTarget)) this.close(false);
  }

  #draw() {
    const words = plain(this.search.value).split(/\s+/).filter(Boolean);
    const found = [...store.people.values()].filter((person) => {
      const text = plain(`${person.name} ${person.title} ${person.note}`);
      return words.every((word) => text.includes(word));
    });
    this.#options = found.slice(0, MOST).map((person, index) => this.#option(person, index));
    const rest = found.length - this.#options.length;
    this.list.replaceChildren(
      ...this.#options,
      found.length ? "" : h("li", { class: "none", role: "presentation" }, "Nobody with that name"),
      rest > 0 ? h("li", { class: "none", role: "presentation" }, `and ${rest} more: search`) : "",
    );
    const current = found.findIndex((person) => person.id === this.#current);
    this.#mark(words.length ? 0 : Math.max(0, Math.min(current, this.#options.length - 1)));
  }

  #option(person, index) {
    const chosen = person.id === this.#current;
    const state = person.blocked ? "blocked the bot" : !person.started ? "not started" : "";
    return h("li", {
      role: "option", id: `${this.listId}-${index}`, "aria-selected": String(chosen), data: { choose: person.id },
      // The search field keeps the focus, so that the list does not close before the click arrives.
      on: { mousedown: (event) => event.preventDefault(), click: () => this.#pick(person.id), pointermove: () => this.#mark(index, false) },
    },
      avatar(person, "small"),
      h("span", { class: "owner-text" },
        h("bdi", { class: "owner-name" }, person.title || person.name),
        h("span", { class: "owner-note" }, noteParts(person.note), state && h("em", {}, ` · ${state}`)),
      ),
      badge(person.unread),
      chosen ? icon("check") : this.#isShown(person.id) ? h("span", { class: "shown-note" }, "swap") : "",
    );
  }

  #keys(event) {
    const count = this.#options.length;
    if (event.key === "ArrowDown" && count) this.#mark((this.#active + 1) % count);
    else if (event.key === "ArrowUp" && count) this.#mark((this.#active + count - 1) % count);
    else if (event.key === "Enter" && this.#options[this.#active]) this.#options[this.#active].click();
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #mark(index, scroll = true) {
    this.#active = index;
    this.#options.forEach((option, i) => option.classList.toggle("active", i === index));
    const option = this.#options[index];
    if (!option) return this.search.removeAttribute("aria-activedescendant");
    this.search.setAttribute("aria-activedescendant", option.id);
    if (scroll) option.scrollIntoView({ block: "nearest" });
  }

  #pick(id) {
    this.close();
    if (id !== this.#current) this.#choose(id);
  }
}
