/* Stop is one press and is never refused, also without a connection. Presses are kept on this screen until the room has
   answered for each, in their order: only ids and times, no name. Until then the page says that they are kept. What the
   device takes no copy of, because it is full or keeps nothing, is sent all the same, and again while this page lives.
   That somebody is signed out, or that this page has grown old, is no answer of the room: what was pressed goes by the
   key that the page was drawn with, which is good for this alone, and stays until it is taken. */
import { ask, token } from "./acts.js";

const KEPT = "stillroom.stops";
const TRIED = "stillroom.tried";
const PATIENCE_MS = 8000;
export const AGAIN_MS = 3000; // while something is kept, whether or not the stream is heard

export class StopQueue {
  #sending = false;
  #unstored = []; // in this page's memory alone, pressed after all that the device holds
  #answered = new Set(); // the device may hold them still

  constructor({ href, key = "", store = deviceStore(), post = ask, renew = renewToken, changed = () => {} }) {
    Object.assign(this, { href, key, store, post, renew, changed });
  }

  kept() {
    return [...this.#stored(), ...this.#unstored].filter((each) => !this.#answered.has(each.act_id));
  }

  /* False: something that is not answered would be lost with this page. */
  isOnDevice() {
    return this.#unstored.length === 0;
  }

  /* Whether a press would be: asked before there is one, for what the page says of it. */
  canKeep() {
    try {
      this.store.setItem(TRIED, "");
      this.store.removeItem(TRIED);
      return true;
    } catch {
      return false;
    }
  }

  add(act, seenSeq, pressedAt, actId) {
    const pressed = { act, act_id: actId, href: this.href, seen_seq: seenSeq, pressed_at: pressedAt, stop_key: this.key };
    this.#keep([...this.kept(), pressed]);
    return this.send();
  }

  /* Whatever goes wrong in between, the next call tries again. */
  async send() {
    if (this.#sending) return;
    this.#sending = true;
    try {
      await this.#sendAll();
    } finally {
      this.#sending = false;
    }
  }

  async #sendAll() {
    const shut = new Set(); // rooms that do not let this screen in now: what was pressed there waits, in its order
    for (let next; (next = this.kept().find((each) => !shut.has(each.href))); ) {
      const answer = await this.#sendOne(next);
      if (answer === null) break;
      if (answer.isLetIn === false) shut.add(next.href);
      else this.#answer(next.act_id);
    }
  }

  #answer(actId) {
    this.#answered.add(actId);
    this.#keep(this.kept());
  }

  /* Whoever signed in meanwhile left this page with an old token: once, a new one is fetched. Then comes the key. */
  async #sendOne(next) {
    let answer = await this.#post(next);
    if (answer?.isLetIn === false && (await this.renew(next.href))) answer = await this.#post(next);
    return answer?.isLetIn === false && next.stop_key ? this.#post(next, "acts-by-key") : answer;
  }

  #post({ href, act, act_id: actId, seen_seq: seenSeq, pressed_at: pressedAt, stop_key: stopKey }, way = "acts") {
    const body = new URLSearchParams({ seen_seq: seenSeq, pressed_at: pressedAt });
    if (way === "acts-by-key") body.set("stop_key", stopKey);
    return this.post(`${href}${way}/${act}`, body, actId, { tries: [0, 1000] });
  }

  #stored() {
    try {
      return [...JSON.parse(this.store.getItem(KEPT) ?? "[]")];
    } catch {
      return [];
    }
  }

  /* Nothing that goes wrong here may keep a press from being sent. */
  #keep(list) {
    try {
      this.store.setItem(KEPT, JSON.stringify(list));
      this.#unstored = [];
    } catch {
      const stored = new Set(this.#stored().map((each) => each.act_id));
      this.#unstored = list.filter((each) => !stored.has(each.act_id));
    }
    this.changed();
  }
}

/* Where a browser refuses it, so much as to name it throws. */
function deviceStore() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/* Answers how to press what is kept, for whoever has another button for it. */
export function listenForStop({ queue, seenSeq, now }) {
  const press = (act) => queue.add(act, seenSeq(), new Date(now()).toISOString(), crypto.randomUUID());
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-stop]")) return;
    event.preventDefault();
    press("stop");
    showPressed();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-clamp-closed]")) return;
    event.target.closest("[data-stop-here]").hidden = true;
    press("clamp-closed");
  });
  return press;
}

/* True: the page holds another token than before. */
export async function renewToken(href) {
  const before = token();
  const options = { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE_MS) };
  const html = await fetch(href, options).then((response) => (response.ok ? response.text() : null)).catch(() => null);
  if (html === null) return false;
  const renewed = new DOMParser().parseFromString(html, "text/html").querySelector("#token");
  if (renewed) document.querySelector("#token")?.replaceWith(document.adoptNode(renewed));
  return Boolean(renewed) && token() !== before;
}

/* At once, without waiting for anybody: what to do with the hand. The server's own panel takes its place. */
function showPressed() {
  const panel = document.querySelector("[data-stop-here]");
  panel.querySelector("[data-stop-at]").textContent = document.querySelector("[data-clock]")?.textContent ?? "";
  panel.hidden = false;
  panel.scrollIntoView({ block: "nearest" });
  panel.querySelector("button").focus();
}
