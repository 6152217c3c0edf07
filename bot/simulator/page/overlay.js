// What lies over a phone's screen: dialogs, menus, toasts; and the lightbox over the whole page.

import { h, icon, iconButton } from "./dom.js";

let counter = 0;
export const newId = (prefix) => `${prefix}-${++counter}`;

/**
 * A dialog inside one phone; the other phones stay usable. `build(close)` gives the content's nodes.
 * Returns close().
 */
export function openDialog(screen, { label, build, className = "", role = "dialog", onClose }) {
  const before = document.activeElement;
  const behind = [...screen.children].filter((child) => !child.inert);
  const close = () => {
    if (!layer.isConnected) return;
    layer.remove();
    for (const child of behind) child.inert = false;
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    onClose?.();
  };
  const box = h("div", { class: `dialog ${className}`.trim(), role, "aria-modal": "true", "aria-label": label, tabindex: "-1" });
  const layer = h("div", {
    class: "layer",
    on: {
      keydown(event) {
        if (event.key === "Escape") {
          event.stopPropagation();
          close();
        } else if (event.key === "Tab") keepInside(event, box);
      },
      click: (event) => event.target === layer && close(),
    },
  }, box);
  box.append(...build(close));
  for (const child of behind) child.inert = true;
  screen.append(layer);
  (box.querySelector("[data-focus]") || box).focus({ preventScroll: true });
  return close;
}

function keepInside(event, box) {
  const stops = [...box.querySelectorAll("button, input, textarea, a[href], [tabindex='0']")].filter((node) => node.offsetParent);
  if (!stops.length) return event.preventDefault();
  const first = stops[0];
  const last = stops[stops.length - 1];
  const active = document.activeElement;
  if (event.shiftKey && (active === first || active === box)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && active === last) {
    event.preventDefault();
    first.focus();
  }
}

/** The modal of answerCallbackQuery(show_alert=True). */
export function alertDialog(screen, text) {
  return openDialog(screen, {
    label: "Message from the bot",
    role: "alertdialog",
    className: "alert",
    build: (close) => [
      h("p", { class: "alert-text", dir: "auto" }, text),
      h("div", { class: "dialog-actions" }, h("button", { type: "button", class: "primary", "data-focus": true, on: { click: close } }, "OK")),
    ],
  });
}

/** A short word at the foot of the chat that goes away by itself. */
export function toast(holder, text) {
  const node = h("div", { class: "toast", dir: "auto" }, text);
  holder.append(node);
  while (holder.children.length > 3) holder.firstChild.remove();
  const leave = () => {
    node.classList.add("leaving");
    setTimeout(() => node.remove(), 250);
  };
  node.addEventListener("click", leave);
  setTimeout(leave, Math.min(9000, 2600 + text.length * 55));
}

/** `items`: [{label, icon, action, danger}]; opens at `anchor` (an element) or at a point {x, y} of the window. */
export function openMenu(screen, { anchor, point, items, label }) {
  screen.querySelector(":scope > .menu-layer")?.remove();
  const before = document.activeElement;
  // The long press that opened the menu may end as a click on it: only what also began here closes it.
  let begun = false;
  const close = (refocus = true) => {
    layer.remove();
    if (anchor) anchor.setAttribute("aria-expanded", "false");
    if (refocus && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
  const buttons = items.map((item) =>
    h("button", {
      type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "danger" : "",
      on: { click: () => { close(); item.action(); } },
    }, icon(item.icon), h("span", {}, item.label)),
  );
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label }, buttons);
  const layer = h("div", {
    class: "menu-layer",
    on: {
      pointerdown: () => (begun = true),
      click: (event) => event.target === layer && begun && close(),
      contextmenu(event) {
        event.preventDefault();
        if (begun) close();
      },
      keydown(event) {
        const at = buttons.indexOf(document.activeElement);
        const go = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
        if (go !== undefined) {
          event.preventDefault();
          buttons.at(go % buttons.length).focus();
        } else if (event.key === "Escape" || event.key === "Tab") {
          event.preventDefault();
          event.stopPropagation();
          close();
        }
      },
    },
  }, menu);
  screen.append(layer);
  if (anchor) anchor.setAttribute("aria-expanded", "true");
  place(menu, screen, anchor, point);
  buttons[0]?.focus({ preventScroll: true });
}

function place(menu, screen, anchor, point) {
  const frame = screen.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  let x = point?.x;
  let y = point?.y;
  if (anchor) {
    const box = anchor.getBoundingClientRect();
    x = getComputedStyle(screen).direction === "rtl" ? box.left : box.right - width;
    y = box.bottom + 4;
  }
  const inside = (value, size, space) => Math.max(8, Math.min(value, space - size - 8));
  menu.style.left = `${inside(x - frame.left, width, frame.width)}px`;
  menu.style.top = `${inside(y - frame.top, height, frame.height)}px`;
}

export function openLightbox(url, caption) {
  const dialog = h("dialog", { class: "lightbox", "aria-label": caption || "Photo", on: { close: () => dialog.remove() } });
  const close = () => dialog.close();
  dialog.append(
    h("img", { src: url, alt: caption || "Photo" }),
    caption ? h("p", { dir: "auto" }, caption) : "",
    iconButton("close", "Close", close, { class: "lightbox-close" }),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
}
