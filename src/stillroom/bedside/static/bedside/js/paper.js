/* Paper for when the server is gone (SR-62). What is known is asked for again each half minute, and soon after
   each entry, and kept in this page: in
   its memory alone, never in the browser's storage, which outlives whoever was treated. A reload loses it, and the bar
   that offers it says so. Printing the page prints that sheet. */
import { lasting } from "../../web/js/ago.js";
import { swap } from "./swap.js";

export const EVERY_MS = 30000;
const SOON_MS = 2000;
const PATIENCE_MS = 10000;

export class Paper {
  #soon = null;

  constructor({ address, clock, root = document.documentElement }) {
    Object.assign(this, { address, clock, root });
  }

  /* Several entries at once are one reason to ask. */
  renewSoon() {
    this.#soon ??= setTimeout(() => { this.#soon = null; this.renew() }, SOON_MS);
  }

  /* A failure leaves what is there. */
  async renew() {
    const options = { signal: AbortSignal.timeout(PATIENCE_MS) };
    const response = await fetch(this.address, options).catch(() => null);
    const isSheet = response?.ok && response.headers.get("content-type")?.startsWith("text/html") && !response.redirected;
    if (isSheet) swap(await response.text());
  }

  listen() {
    setInterval(() => this.renew(), EVERY_MS);
    document.addEventListener("click", (event) => event.target.closest("[data-print-paper]") && window.print());
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
