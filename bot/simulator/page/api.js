// The simulator's HTTP interface for this page.

/** `offline`: the request may not have arrived (no answer, or a server in trouble), so trying again makes sense. */
export class ApiError extends Error {
  constructor(message, { status = 0, offline = false } = {}) {
    super(message);
    this.status = status;
    this.offline = offline;
  }
}

async function request(path, options = {}, timeout = 20000) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(timeout), ...options });
  } catch {
    throw new ApiError("The simulator does not answer.", { offline: true });
  }
  const text = await response.text().catch(() => "");
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : {};
  } catch {
    answer = { description: text };
  }
  if (!response.ok) {
    const said = answer.description || answer.error || answer.message || answer.reason;
    const message = typeof said === "string" && said ? said.slice(0, 300) : `The simulator answered ${response.status}.`;
    throw new ApiError(message, { status: response.status, offline: response.status >= 500 });
  }
  return answer;
}

function post(path, body = {}, timeout) {
  return request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }, timeout);
}

const person = (id, what) => `/sim/people/${encodeURIComponent(id)}/${what}`;

export const api = {
  state: () => request("/sim/state"),
  chat: (id) => request(person(id, "chat")),
  send: (id, text, replyTo) => post(person(id, "send"), replyTo ? { text, reply_to: replyTo } : { text }),
  edit: (id, messageId, text) => post(person(id, "edit"), { message_id: messageId, text }),
  tap: (id, messageId, row, col) => post(person(id, "tap"), { message_id: messageId, row, col }),
  start: (id, payload) => post(person(id, "start"), payload ? { payload } : {}),
  block: (id) => post(person(id, "block")),
  unblock: (id) => post(person(id, "unblock")),
  read: (id) => post(person(id, "read")),
  // Moving the clock lets the bot do everything that falls due on the way, which may take a while.
  moveClock: (change) => post("/sim/clock", change, 120000),
  turn: (name, value) => post("/sim/switch", { name, value }),
  upload(id, file, kind, caption) {
    const form = new FormData();
    form.append("as", kind);
    if (caption) form.append("caption", caption);
    form.append("file", file, file.name || (kind === "photo" ? "photo.png" : "file"));
    return request(person(id, "upload"), { method: "POST", body: form }, 120000);
  },
};
