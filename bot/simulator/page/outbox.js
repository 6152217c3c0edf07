// What a person has sent but the simulator has not confirmed. A text is never lost: it stays here, is shown as
// "not sent" and can be tried again, even after the page was loaded anew.

import { api } from "./api.js";

const KEY = "skolebud.unsent";
let counter = 0;

export class Outbox {
  #entries = [];
  #changed;

  constructor(changed) {
    this.#changed = changed;
    try {
      for (const entry of JSON.parse(sessionStorage.getItem(KEY) || "[]")) {
        this.#entries.push({ ...entry, key: `unsent-${++counter}`, status: "failed" });
      }
    } catch {
      // Nothing remembered, or remembering is forbidden.
    }
  }

  of(person) {
    return this.#entries.filter((entry) => entry.person === person);
  }

  /** `afterId`: the newest message known now; what arrives later with the same text is this one. */
  sendText(person, text, { replyTo = null, afterId = 0, onMessage }) {
    const entry = { key: `unsent-${++counter}`, person, text, replyTo, afterId, status: "sending", error: null };
    return this.#deliver(entry, onMessage);
  }

  sendFile(person, file, kind, caption, onMessage) {
    const entry = { key: `unsent-${++counter}`, person, file, kind, text: caption, status: "sending", error: null };
    return this.#deliver(entry, onMessage);
  }

  retry(key, onMessage) {
    const entry = this.#entries.find((each) => each.key === key);
    if (!entry || entry.status === "sending") return;
    Object.assign(entry, { status: "sending", error: null });
    return this.#deliver(entry, onMessage);
  }

  discard(key) {
    const entry = this.#entries.find((each) => each.key === key);
    if (entry) this.#remove(entry);
  }

  /** The live line may tell of our message before (or instead of) the answer to our request. */
  claim(person, message) {
    if (message.from !== "me") return;
    const entry = this.#entries.find(
      (each) => each.person === person && !each.file && each.text === message.text && message.id > each.afterId,
    );
    if (entry) this.#remove(entry);
  }

  async #deliver(entry, onMessage) {
    if (!this.#entries.includes(entry)) this.#entries.push(entry);
    this.#save();
    this.#changed(entry.person);
    try {
      const answer = entry.file
        ? await api.upload(entry.person, entry.file, entry.kind, entry.text)
        : await api.send(entry.person, entry.text, entry.replyTo?.id);
      this.#remove(entry, false);
      onMessage(answer.message);
    } catch (error) {
      if (!this.#entries.includes(entry)) return; // it did arrive, only the answer was lost
      Object.assign(entry, { status: "failed", error: error.offline ? null : error.message });
      this.#save();
    }
    this.#changed(entry.person);
  }

  #remove(entry, tell = true) {
    this.#entries = this.#entries.filter((each) => each !== entry);
    this.#save();
    if (tell) this.#changed(entry.person);
  }

  #save() {
    // Files are too big to remember; texts are what costs a person work.
    const texts = this.#entries
      .filter((entry) => !entry.file)
      .map(({ person, text, replyTo, afterId }) => ({ person, text, replyTo, afterId }));
    try {
      sessionStorage.setItem(KEY, JSON.stringify(texts));
    } catch {
      // Storage full or forbidden: the text is still on the screen.
    }
  }
}

const draftKey = (person) => `skolebud.draft.${person}`;

export function draftOf(person) {
  try {
    return sessionStorage.getItem(draftKey(person)) || "";
  } catch {
    return "";
  }
}

export function keepDraft(person, text) {
  try {
    if (text) sessionStorage.setItem(draftKey(person), text);
    else sessionStorage.removeItem(draftKey(person));
  } catch {
    // Then the draft lives only as long as the phone is shown.
  }
}
