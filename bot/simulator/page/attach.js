// Sending files: from the file picker, dropped on the phone or pasted.

import { h, icon, iconButton } from "./dom.js";
import { openDialog } from "./overlay.js";
import { fileSize } from "./time.js";

const PICTURES = /^image\/(jpeg|png|gif|webp)$/;

/** Ask how to send the files; `send(file, "photo" | "document", caption)` for each. */
export function askAndSend(screen, files, send) {
  if (!files.length) return;
  const pictures = files.every((file) => PICTURES.test(file.type));
  const preview = pictures ? URL.createObjectURL(files[0]) : null;
  const caption = h("textarea", { class: "caption", rows: "2", dir: "auto", placeholder: "Add a caption …", "aria-label": "Caption", maxlength: "1024", "data-focus": true });
  openDialog(screen, {
    label: "Send a file",
    className: "attach",
    onClose: () => preview && URL.revokeObjectURL(preview),
    build(close) {
      const go = (kind) => {
        close();
        // As in Telegram, the caption goes with the first file.
        files.forEach((file, index) => send(file, kind, index ? "" : caption.value.trim()));
      };
      caption.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        go(pictures ? "photo" : "document");
      });
      const what = files.length === 1 ? files[0].name || "Photo" : `${files.length} files`;
      const size = fileSize(files.reduce((sum, file) => sum + file.size, 0));
      return [
        preview && h("img", { class: "attach-preview", src: preview, alt: "" }),
        h("div", { class: "attach-name" },
          icon(pictures ? "image" : "file"),
          h("bdi", {}, what),
          h("span", {}, size),
          iconButton("close", "Cancel", close),
        ),
        caption,
        h("div", { class: "dialog-actions" },
          pictures && h("button", { type: "button", on: { click: () => go("document") } }, "Send as file"),
          h("button", { type: "button", class: "primary", on: { click: () => go(pictures ? "photo" : "document") } }, pictures ? "Send as photo" : "Send"),
        ),
      ].filter(Boolean);
    },
  });
}

/** Let files be dropped on the phone's screen. `allowed()` says whether the person can write now. */
export function acceptDrops(screen, allowed, drop) {
  const veil = h("div", { class: "drop-veil", hidden: true }, h("span", {}, "Drop here to send"));
  screen.append(veil);
  const carriesFiles = (event) => allowed() && [...(event.dataTransfer?.types ?? [])].includes("Files");
  screen.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  screen.addEventListener("dragleave", (event) => {
    if (!screen.contains(event.relatedTarget)) veil.hidden = true;
  });
  screen.addEventListener("drop", (event) => {
    veil.hidden = true;
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop([...event.dataTransfer.files]);
  });
}
