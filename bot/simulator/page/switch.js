// What can be changed around the bot, such as a translation engine that fails: a menu for each, beside the clock.

import { api } from "./api.js";
import { h, icon } from "./dom.js";
import { store } from "./store.js";

/** A node that holds the menus; it is empty when there is nothing to change. */
export function switches() {
  const node = h("div", { class: "switches" });
  let drawn = "";

  function draw() {
    const shape = JSON.stringify(store.switches.map(({ chosen, ...rest }) => rest));
    if (shape !== drawn) {
      drawn = shape;
      node.replaceChildren(...store.switches.map(menu));
    }
    for (const each of store.switches) {
      const select = node.querySelector(`select[name="${CSS.escape(each.name)}"]`);
      select.value = each.chosen;
      select.closest(".switch").classList.toggle("changed", each.chosen !== each.options[0].value);
    }
  }

  store.on(({ type }) => (type === "switches" || type === "switch") && draw());
  return node;
}

function menu({ name, label, options }) {
  const select = h("select", { name, "aria-label": label, on: { change: () => turn(select) } },
    options.map((option) => h("option", { value: option.value }, option.label)),
  );
  return h("label", { class: "switch", title: label },
    icon("globe"), h("span", { class: "switch-label" }, label), select, icon("chevron", "clock-arrow"),
  );
}

async function turn(select) {
  const before = store.switches.find(({ name }) => name === select.name);
  const box = select.closest(".switch");
  box.classList.add("busy");
  try {
    store.apply({ type: "switch", ...(await api.turn(select.name, select.value)) });
    box.title = before.label;
  } catch (error) {
    select.value = before.chosen;
    box.title = error.message;
  } finally {
    box.classList.remove("busy");
  }
}
