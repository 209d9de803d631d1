/* Paper for when the server is gone (SR-62). What is known comes with the stream every 45 seconds, and soon after each
   entry, and is kept in this page: in its memory alone, never in the browser's storage, which outlives whoever was treated.
   A reload loses it, and the bar that offers it says so. Printing the page prints that sheet. */
import { lasting } from "../../web/js/ago.js";

export class Paper {
  constructor({ clock, root = document }) {
    this.clock = clock;
    root.addEventListener("click", (event) => event.target.closest("[data-print-paper]") && window.print());
  }

  /* Called each second: how old it is, while there is no connection. */
  say() {
    const sheet = document.getElementById("paper");
    const act = document.querySelector("[data-paper-act]");
    if (!sheet || !act) return;
    act.hidden = false;
    const age = Math.max(0, (this.clock.now() - Date.parse(sheet.dataset.knownAt)) / 1000);
    put(act.querySelector("[data-paper-clock]"), sheet.dataset.knownClock);
    put(act.querySelector("[data-paper-age]"), lasting(age));
  }
}

function put(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
