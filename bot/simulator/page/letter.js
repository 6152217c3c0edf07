// The school's letter on paper: how a home that has never written to the bot gets its way in.

import { h, icon } from "./dom.js";
import { openDialog } from "./overlay.js";

/** The paper itself. Links in it are shown as such, but one opens the letter's link by the button below. */
function paper(text) {
  return h("div", { class: "paper", dir: "auto" }, text.trim());
}

/** The hint in a chat that is not started: the letter, or a friendly sentence. */
export function startHint(person, bot, openLink) {
  if (person?.letter) {
    return h("div", { class: "letter-card" },
      h("div", { class: "letter-head", dir: "ltr" }, icon("letter"), "A letter from the school"),
      paper(person.letter),
      h("button", { type: "button", class: "letter-open", on: { click: openLink } }, h("span", { dir: "ltr" }, "Open the link in the letter"), icon("external")),
    );
  }
  return hint(`${bot.name} does not know this person yet.`, "Press Start, as anybody who finds the bot can.");
}

export function emptyHint(bot) {
  return hint("No messages here yet.", `Write something, or choose a command: ${bot.name} answers.`);
}

function hint(first, second) {
  return h("div", { class: "hint", dir: "ltr" },
    h("img", { src: "/page/logo.svg", alt: "", width: "56", height: "56" }),
    h("strong", {}, first),
    h("span", {}, second),
  );
}

/** Read the letter again later. */
export function showLetter(screen, person, openLink) {
  openDialog(screen, {
    label: "A letter from the school",
    className: "letter-dialog",
    build: (close) => [
      paper(person.letter),
      h("div", { class: "dialog-actions" },
        h("button", { type: "button", on: { click: close } }, "Close"),
        h("button", { type: "button", class: "primary", "data-focus": true, on: { click: () => { close(); openLink(); } } }, "Open the link in the letter"),
      ),
    ],
  });
}
