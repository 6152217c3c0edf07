// What the page knows: the bot, the clock, the people and the chats that some phone shows. The views listen to it.

import { api } from "./api.js";
import { Outbox } from "./outbox.js";

class Store {
  bot = { name: "Skolebud", username: "" };
  clock = null;
  people = new Map();
  defaultPhones = [];
  guide = [];
  switches = [];
  chats = new Map();
  outbox = new Outbox((person) => this.emit({ type: "outbox", person }));
  #listeners = new Set();
  #loading = new Map();

  on(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event) {
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Everything anew: at the start and after the line was lost. */
  async reload() {
    const state = await api.state();
    this.bot = state.bot;
    this.people = new Map(state.people.map((person) => [person.id, person]));
    this.defaultPhones = state.phones;
    this.guide = state.guide ?? [];
    this.switches = state.switches ?? [];
    this.#setClock(state.clock);
    this.emit({ type: "people" });
    this.emit({ type: "switches" });
    const loaded = await Promise.allSettled([...this.chats.keys()].map((id) => this.loadChat(id)));
    const failed = loaded.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }

  person(id) {
    return this.people.get(id);
  }

  chat(id) {
    return this.chats.get(id);
  }

  /** Read a chat. Events that arrive meanwhile wait, so that they are not lost and not overwritten by older news. */
  async loadChat(id) {
    const waiting = [];
    this.#loading.set(id, waiting);
    try {
      const answer = await api.chat(id);
      if (this.#loading.get(id) !== waiting) return; // a newer reading has begun
      this.chats.set(id, answer);
      for (const message of answer.messages) this.outbox.claim(id, message);
      Object.assign(this.person(id) ?? {}, { started: answer.started, blocked: answer.blocked, unread: answer.unread });
      this.#loading.delete(id);
      this.emit({ type: "chat", person: id });
      for (const event of waiting) this.apply(event);
    } finally {
      if (this.#loading.get(id) === waiting) this.#loading.delete(id);
    }
  }

  /** A phone no longer shows this chat: stop keeping it. */
  forgetChat(id) {
    this.chats.delete(id);
    this.#loading.delete(id);
  }

  /** One event of the live line (or the answer to our own request, which has the same form). */
  apply(event) {
    const { type, person: id } = event;
    if (type === "clock") return this.#setClock(event.clock);
    if (type === "switch") return this.#setSwitch(event.switch);
    if (type === "person") return this.#setPerson(event.person);
    if (type === "unread") {
      const person = this.person(id);
      if (person) person.unread = event.unread;
      return this.emit(event);
    }
    const waiting = this.#loading.get(id);
    if (waiting) return void waiting.push(event);
    const chat = this.chat(id);
    if (!chat) return;
    if (type === "message" || type === "edit") {
      const { message } = event;
      this.outbox.claim(id, message);
      const index = chat.messages.findIndex((known) => known.id === message.id);
      const fresh = index < 0;
      if (fresh) {
        chat.messages.push(message);
        chat.messages.sort((a, b) => a.id - b.id);
      } else chat.messages[index] = message;
      this.emit({ type: "message", person: id, message, fresh, edit: type === "edit" });
    } else if (type === "delete") {
      chat.messages = chat.messages.filter((message) => message.id !== event.message_id);
      this.emit(event);
    } else if (type === "keyboard") {
      chat.keyboard = event.keyboard;
      this.emit(event);
    } else if (type === "commands") {
      chat.commands = event.commands;
      this.emit(event);
    } else this.emit(event); // typing, alert
  }

  #setPerson(person) {
    this.people.set(person.id, { ...this.person(person.id), ...person });
    const chat = this.chat(person.id);
    if (chat) Object.assign(chat, { started: person.started, blocked: person.blocked });
    this.emit({ type: "person", person: person.id });
  }

  #setSwitch(changed) {
    this.switches = this.switches.map((each) => (each.name === changed.name ? changed : each));
    this.emit({ type: "switch" });
  }

  #setClock(clock) {
    // Between two news of the server the page lets the clock tick by itself.
    this.clock = { ...clock, offset: Date.parse(clock.now) - Date.now() };
    this.emit({ type: "clock" });
  }

  now() {
    return new Date(Date.now() + (this.clock?.offset ?? 0));
  }
}

export const store = new Store();
