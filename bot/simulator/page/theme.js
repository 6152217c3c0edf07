// Light and dark: the system decides until the person chooses. (theme-early.js has set what was remembered.)

import { icon, iconButton } from "./dom.js";

const dark = window.matchMedia("(prefers-color-scheme: dark)");

const current = () => document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");

export function themeButton() {
  const button = iconButton("moon", "", () => {
    const next = current() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("skolebud.theme", next);
    } catch {
      // Not remembered, then.
    }
    show();
  });
  function show() {
    const isDark = current() === "dark";
    const label = isDark ? "Light theme" : "Dark theme";
    button.replaceChildren(icon(isDark ? "sun" : "moon"));
    button.title = label;
    button.setAttribute("aria-label", label);
  }
  dark.addEventListener("change", show);
  show();
  return button;
}
