// Small helpers to build DOM nodes. Nothing here (or anywhere in the page) takes HTML as text.

/** h("button", {class: "x", on: {click}}, child, …): null and false children are left out, strings become text. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue;
    if (Array.isArray(child)) append(node, child);
    else node.append(child);
  }
}

const SVG = "http://www.w3.org/2000/svg";

// Stroked 24×24 outlines, drawn for this page.
const ICONS = {
  send: ["M4 12 3.500 4.500 21 12 3.500 19.500 4 12Z", "M4 12h8"],
  clip: ["M20 11.500 12 19.400a5 5 0 0 1-7.100-7l8.300-8.300a3.300 3.300 0 0 1 4.700 4.700l-8.200 8.200a1.600 1.600 0 0 1-2.300-2.300l7.500-7.500"],
  menu: ["M5 7h14", "M5 12h14", "M5 17h9"],
  keyboard: ["M3 8.500A2.500 2.500 0 0 1 5.500 6h13A2.500 2.500 0 0 1 21 8.500v7a2.500 2.500 0 0 1-2.500 2.500h-13A2.500 2.500 0 0 1 3 15.500Z", "M7 10h.01M10.300 10h.01M13.700 10h.01M17 10h.01M8.500 14h7"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  down: ["M12 5v13", "M6 12.500l6 6 6-6"],
  chevron: ["M7 9.500l5 5 5-5"],
  dots: ["M12 5.500h.01", "M12 12h.01", "M12 18.500h.01"],
  reply: ["M9.500 6 4 11.500 9.500 17", "M4.500 11.500H14a6 6 0 0 1 6 6v.5"],
  edit: ["M4 20l1-4.500L16 4.500a2 2 0 0 1 2.800 0l.7.7a2 2 0 0 1 0 2.800L8.500 19 4 20Z"],
  copy: ["M9 9h8.500A1.500 1.500 0 0 1 19 10.500V19a1.500 1.500 0 0 1-1.500 1.500H9A1.500 1.500 0 0 1 7.500 19v-8.500A1.500 1.500 0 0 1 9 9Z", "M15 5.500A1.500 1.500 0 0 0 13.500 4H6.500A1.500 1.500 0 0 0 5 5.500V14"],
  check: ["M5 12.500l4.500 4.500L19 7.500"],
  checks: ["M2.500 12.700l4 4L15 8", "M11 15.600l1.200 1.100L21 8"],
  clock: ["M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17Z", "M12 7.500V12l3 2"],
  file: ["M7 3.500h6.500L18.500 8.500V19A1.500 1.500 0 0 1 17 20.500H7A1.500 1.500 0 0 1 5.500 19V5A1.500 1.500 0 0 1 7 3.500Z", "M13 3.500V9h5.500"],
  image: ["M5.500 4.500h13a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2Z", "M4 17l5-5 4 4 2.500-2.500 4.500 4", "M15.500 8.800h.01"],
  mic: ["M12 3.500a2.800 2.800 0 0 1 2.800 2.800v5a2.800 2.800 0 0 1-5.600 0v-5A2.800 2.800 0 0 1 12 3.500Z", "M6 11a6 6 0 0 0 12 0", "M12 17v3.500"],
  pin: ["M12 20.500s6.500-5.700 6.500-10.500a6.500 6.500 0 0 0-13 0c0 4.800 6.500 10.500 6.500 10.500Z", "M12 12.300a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600Z"],
  smile: ["M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17Z", "M8.300 14a4.500 4.500 0 0 0 7.400 0", "M9 9.500h.01M15 9.500h.01"],
  sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z", "M12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400"],
  moon: ["M20 14.200A8.200 8.200 0 0 1 9.800 4 8.200 8.200 0 1 0 20 14.200Z"],
  search: ["M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12Z", "M15 15l5 5"],
  external: ["M8 16 17 7", "M10 7h7v7"],
  block: ["M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17Z", "M6 6l12 12"],
  letter: ["M4.500 6h15A1.500 1.500 0 0 1 21 7.500v9a1.500 1.500 0 0 1-1.500 1.500h-15A1.500 1.500 0 0 1 3 16.500v-9A1.500 1.500 0 0 1 4.500 6Z", "M3.500 7.500 12 13.500l8.500-6"],
  warning: ["M12 4 21 19.500H3Z", "M12 10v4.500", "M12 17h.01"],
  mute: ["M8 17h11s-2-2-2-7a5 5 0 0 0-8.500-3.500M7 10c0 5-2 7-2 7", "M10.300 20a2 2 0 0 0 3.400 0", "M4 4l16 16"],
  question: ["M8.800 9.200a3.300 3.300 0 1 1 4.700 3c-1 .5-1.500 1.200-1.500 2.300", "M12 18h.01"],
  person: ["M12 4a3.800 3.800 0 1 0 0 7.600A3.800 3.800 0 0 0 12 4Z", "M4.500 20a7.500 7.500 0 0 1 15 0"],
  forward: ["M5 6l7 6-7 6Z", "M13 6l7 6-7 6Z"],
  globe: ["M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17Z", "M3.500 12h17", "M12 3.500c-5 5-5 12 0 17c5-5 5-12 0-17Z"],
  signal: ["M4 19v-3M9.300 19v-6.500M14.700 19V9M20 19V5"],
};

/** An icon; it is decoration only, the control that holds it carries the label. */
export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name} ${extra}`.trim());
  for (const d of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** A round or square button that shows an icon only. */
export function iconButton(name, label, onClick, extra = {}) {
  const { class: className = "", ...props } = extra;
  return h(
    "button",
    { type: "button", class: `icon-button ${className}`.trim(), "aria-label": label, title: label, on: { click: onClick }, ...props },
    icon(name),
  );
}

/** The initials of a person in a coloured circle; the colour follows from the id, so it stays the same. */
export function avatar(person, extra = "") {
  const words = person.name.trim().split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : ""].map((word) => [...(word || "")][0] || "");
  // Arabic letters would join to a nonsense word: one is enough there.
  const text = /\p{Script=Arabic}/u.test(letters[0]) ? letters[0] : letters.join("");
  return h("span", { class: `avatar tint-${Math.abs(Number(person.id)) % 7} ${extra}`.trim(), "aria-hidden": "true" }, text.toUpperCase() || "·");
}

export function badge(count) {
  if (!count) return null;
  return h("span", { class: "badge" }, String(count > 99 ? "99+" : count), h("span", { class: "sr" }, " unread"));
}
