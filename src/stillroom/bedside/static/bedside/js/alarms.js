/* What the server said last of the alarms, and what follows on this screen: the sound, and that nobody watches. */

export class Alarms {
  #sounds = null;
  #isWatched = true;

  constructor({ sound, isLive, root = document.documentElement }) {
    Object.assign(this, { sound, isLive, root });
  }

  hear(alarms, watched, clockSetBy, callsFail) {
    if (alarms) this.#sounds = alarms.sounds;
    if (watched !== undefined) this.#isWatched = watched;
    if (clockSetBy !== undefined) this.root.toggleAttribute("data-clock-set", clockSetBy !== null);
    if (callsFail !== undefined) this.root.toggleAttribute("data-calls-fail", callsFail);
    this.check();
  }

  /* Called each second, and at every word. A screen that hears nothing, or of nobody who watches, must not be quiet. */
  check() {
    this.root.toggleAttribute("data-unwatched", this.isLive() && !this.#isWatched);
    this.sound?.check();
    this.sound?.sound(this.isLive() && this.#isWatched ? this.#sounds : "high");
  }
}
