/* What was sent and has no answer. It stands at the foot of the page, by the words that were tapped and the time, until
   there is one or somebody puts it away. Sent again it is the same to the letter and has the same id, so it counts once;
   the same button, drawn anew or not, means the same act until then. */

const CARRIED = ["act_id", "seen_seq", "csrfmiddlewaretoken"];

export class Unanswered {
  #acts = new Map();

  constructor({ place, again, time = () => "" }) {
    Object.assign(this, { place, time });
    place?.addEventListener("click", ({ target }) => {
      const act = this.#of(target.closest("[data-act-id]")?.dataset.actId);
      if (act && target.closest("[data-put-away]")) this.end(act);
      if (act && target.closest("[data-send-again]")) again(act);
    });
  }

  /* The act of this content that waits for its answer, or a new one. */
  act(url, body, words) {
    const key = keyOf(url, body);
    if (!this.#acts.has(key)) this.#acts.set(key, { ...newAct(url, body, words), key });
    return this.#acts.get(key);
  }

  say(act) {
    act.key ??= act.id;
    this.#acts.set(act.key, act);
    if (act.line) return;
    act.line = this.place.querySelector("template").content.firstElementChild.cloneNode(true);
    act.line.dataset.actId = act.id;
    act.line.querySelector("[data-what]").textContent = [act.words, this.time()].filter(Boolean).join(" · ");
    this.place.append(act.line);
  }

  busy(act, isBusy) {
    act.isOnItsWay = isBusy;
    const button = act.line?.querySelector("[data-send-again]");
    if (isBusy) button?.setAttribute("aria-busy", "true");
    else button?.removeAttribute("aria-busy");
  }

  end(act) {
    act.line?.remove();
    this.#acts.delete(act.key);
  }

  #of(id) {
    return [...this.#acts.values()].find((act) => act.id === id);
  }
}

export function newAct(url, body, words) {
  return { id: crypto.randomUUID(), url, body, words };
}

function keyOf(url, body) {
  const typed = new URLSearchParams(body);
  CARRIED.forEach((name) => typed.delete(name));
  return `${url} ${typed}`;
}
