// The school's clock: what time it is there, and a way to move it forward.

import { api } from "./api.js";
import { h, icon } from "./dom.js";
import { store } from "./store.js";
import { localInput, nextMonday, secondsToo, shortDay, tomorrow } from "./time.js";

export function schoolClock() {
  const day = h("span", { class: "clock-day" });
  const time = h("span", { class: "clock-time" });
  const face = h("span", { class: "clock-face" }, day, time);
  const button = h("button", {
    type: "button", class: "clock", "aria-haspopup": "dialog", "aria-expanded": "false", title: "The school's clock: move it forward",
    on: { click: () => (panel.hidden ? open() : close()) },
  }, icon("clock"), face, icon("chevron", "clock-arrow"));
  const still = h("span", { class: "clock still", title: "The school's clock" }, icon("clock"));

  const input = h("input", { type: "datetime-local", "aria-label": "Date and time at the school", id: "clock-input" });
  const problem = h("p", { class: "problem", role: "alert" });
  const go = h("button", { type: "button", class: "primary", on: { click: () => input.value && move({ local: input.value }) } }, "Move");
  const at = (date) => ({ local: `${date}T07:00` });
  const choices = [
    ["+15 minutes", () => ({ forward_seconds: 900 })],
    ["+1 hour", () => ({ forward_seconds: 3600 })],
    ["Tomorrow 07:00", () => at(tomorrow(store.now(), store.clock.zone))],
    ["Next Monday 07:00", () => at(nextMonday(store.now(), store.clock.zone))],
  ].map(([label, change]) => h("button", { type: "button", class: "choice", on: { click: () => move(change()) } }, icon("forward"), label));
  const panel = h("div", { class: "clock-panel", role: "dialog", "aria-label": "Move the school's clock forward", hidden: true },
    h("p", { class: "panel-title" }, "Move the school’s clock"),
    choices,
    h("label", { for: "clock-input" }, "To a date and time"),
    h("div", { class: "clock-row" }, input, go),
    problem,
  );
  const node = h("div", {
    class: "clock-box",
    on: {
      keydown(event) {
        if (event.key === "Escape" && !panel.hidden) {
          close();
          button.focus();
        }
      },
      focusout(event) {
        if (event.relatedTarget && !node.contains(event.relatedTarget)) close();
      },
    },
  }, button, still, panel);
  document.addEventListener("pointerdown", (event) => !node.contains(event.target) && close());

  function open() {
    problem.textContent = "";
    input.value = localInput(store.now(), store.clock.zone);
    input.min = input.value;
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    choices[0].focus();
  }

  function close() {
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
  }

  async function move(change) {
    problem.textContent = "";
    panel.classList.add("busy");
    button.classList.add("busy");
    try {
      const answer = await api.moveClock(change);
      if (answer.clock) store.apply({ type: "clock", clock: answer.clock });
      close();
      button.focus();
    } catch (error) {
      problem.textContent = error.message;
    } finally {
      panel.classList.remove("busy");
      button.classList.remove("busy");
    }
  }

  function tick() {
    if (!store.clock) return;
    const now = store.now();
    const { zone, movable } = store.clock;
    day.textContent = shortDay(now, zone);
    time.textContent = secondsToo(now, zone);
    button.hidden = !movable;
    still.hidden = movable;
    (movable ? button : still).insertBefore(face, movable ? button.lastChild : null);
    if (!movable) close();
  }

  node.hidden = true;
  return {
    node,
    tick() {
      node.hidden = !store.clock;
      tick();
    },
  };
}
