// The live line to the simulator: Server-Sent Events, reopened with a growing pause when it breaks.

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 8000;

/** `onEvent(event)` for every event, `onState("open" | "lost")` when the line comes and goes. */
export function listen({ onEvent, onState }) {
  let pause = FIRST_PAUSE;
  let source = null;
  let timer = null;

  function open() {
    clearTimeout(timer);
    timer = null;
    source?.close();
    const line = new EventSource("/sim/events");
    source = line;
    line.onmessage = (message) => {
      if (line !== source) return;
      let event;
      try {
        event = JSON.parse(message.data);
      } catch {
        return;
      }
      if (event.type === "hello") {
        pause = FIRST_PAUSE;
        onState("open");
      }
      onEvent(event);
    };
    line.onerror = () => {
      if (line !== source) return;
      // The browser would try again by itself, but only for some errors and without a growing pause.
      line.close();
      onState("lost");
      // A little chance, so that many pages do not come back in the same moment.
      timer = setTimeout(open, pause * (0.8 + Math.random() * 0.4));
      pause = Math.min(LONGEST_PAUSE, pause * 1.7);
    };
  }

  // No need to wait for the pause when the person looks at the page again.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && timer !== null) open();
  });
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => event.persisted && open());
  open();
}
