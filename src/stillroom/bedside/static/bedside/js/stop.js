/* Stop is one press and is never refused, also without a connection. Presses are kept on this screen until the server
   has answered for each, in their order: only ids and times, no name. Until then the page says that they are kept. */
import { ask } from "./acts.js";

const KEPT = "stillroom.stops";

export class StopQueue {
  #sending = false;

  constructor({ href, store = localStorage, post = ask, changed = () => {} }) {
    Object.assign(this, { href, store, post, changed });
  }

  kept() {
    return JSON.parse(this.store.getItem(KEPT) ?? "[]");
  }

  add(act, seenSeq, pressedAt, actId) {
    this.#keep([...this.kept(), { act, act_id: actId, href: this.href, seen_seq: seenSeq, pressed_at: pressedAt }]);
    return this.send();
  }

  async send() {
    if (this.#sending) return;
    this.#sending = true;
    for (let next; (next = this.kept()[0]); ) {
      const body = new URLSearchParams({ seen_seq: next.seen_seq, pressed_at: next.pressed_at });
      const answer = await this.post(`${next.href}acts/${next.act}`, body, next.act_id, { tries: [0, 1000] });
      if (answer === null) break;
      this.#keep(this.kept().filter((each) => each.act_id !== next.act_id));
    }
    this.#sending = false;
  }

  #keep(list) {
    this.store.setItem(KEPT, JSON.stringify(list));
    this.changed(list.length);
  }
}

export function listenForStop({ queue, seenSeq, now }) {
  const press = (act) => queue.add(act, seenSeq(), new Date(now()).toISOString(), crypto.randomUUID());
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-stop]")) return;
    event.preventDefault();
    showPressed();
    press("stop");
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-clamp-closed]")) return;
    event.target.closest("[data-stop-here]").hidden = true;
    press("clamp-closed");
  });
}

/* At once, without waiting for anybody: what to do with the hand. The server's own panel takes its place. */
function showPressed() {
  const panel = document.querySelector("[data-stop-here]");
  panel.querySelector("[data-stop-at]").textContent = document.querySelector("[data-clock]")?.textContent ?? "";
  panel.hidden = false;
  panel.scrollIntoView({ block: "nearest" });
  panel.querySelector("button").focus();
}
