/* Sound. A browser gives none until somebody has touched the page, and nobody knows whether a speaker is on: so the screen
   says in red that it is silent until somebody turns sound on, hears it and says so; and says it again if the browser takes
   it away. Patterns after IEC 60601-1-8: high, two groups of five; medium, three; low, two. Which display sounds is the
   page's choice: the treatment room's does not. */

const PATTERNS = {
  high: { tones: [0, .15, .3, .6, .75, 1.4, 1.55, 1.7, 2, 2.15], again: 6000, hz: 740 },
  medium: { tones: [0, .25, .5], again: 10000, hz: 587 },
  low: { tones: [0, .3], again: 20000, hz: 494 },
};
const RANK = ["low", "medium", "high"];

export class Sound {
  #context = null;
  #isHeard = false;
  #last = { priority: null, at: -Infinity };
  #burst = null;

  constructor({ bar, now = () => performance.now(), changed = () => {} }) {
    Object.assign(this, { bar, now, changed });
    bar?.addEventListener("click", ({ target }) => {
      if (target.closest("[data-sound-on]")) this.turnOn();
      if (target.closest("[data-sound-heard]")) this.#hear(true);
      if (target.closest("[data-sound-not-heard]")) this.#hear(false);
    });
  }

  /* A gesture of somebody's: the browser lets it sound, and they are asked whether they heard it. */
  async turnOn() {
    this.#context ??= new AudioContext();
    await this.#context.resume();
    this.#play("medium");
    this.#say("asked");
  }

  #hear(isHeard) {
    this.#isHeard = isHeard;
    this.#say(isHeard ? "off" : "not-heard");
    this.check();
    this.changed();
  }

  isArmed() {
    return this.#isHeard && this.#context?.state === "running";
  }

  /* Called each second. What was heard an hour ago says nothing of a sound that the browser has taken since. */
  check() {
    if (this.#isHeard && this.#context?.state !== "running") {
      this.#isHeard = false;
      this.#say("off");
      this.changed();
    }
    if (this.bar) this.bar.hidden = this.isArmed();
  }

  #say(state) {
    if (this.bar) this.bar.dataset.state = state;
  }

  /* The most urgent thing that is to be heard, or null. A higher one never waits for the pause of a lower, though a higher
     was heard before it. What was answered is not heard to its end. */
  sound(priority) {
    const before = this.#last.priority;
    if (RANK.indexOf(priority) < RANK.indexOf(before)) this.#hush();
    this.#last.priority = priority;
    if (!priority) this.#last.at = -Infinity;
    const isHigher = RANK.indexOf(priority) > RANK.indexOf(before);
    if (!priority || (!isHigher && this.now() - this.#last.at < PATTERNS[priority].again)) return;
    this.#last.at = this.now();
    if (this.#context?.state === "running") this.#burst = this.#play(priority);
  }

  #hush() {
    this.#burst?.gain.setTargetAtTime(0, this.#context.currentTime, .02);
    this.#burst = null;
  }

  #play(priority) {
    const { tones, hz } = PATTERNS[priority];
    const burst = new GainNode(this.#context);
    burst.connect(this.#context.destination);
    for (const at of tones) this.#tone(this.#context.currentTime + at, hz, burst);
    return burst;
  }

  #tone(at, hz, burst) {
    const tone = new OscillatorNode(this.#context, { frequency: hz, type: "triangle" });
    const gain = new GainNode(this.#context, { gain: 0 });
    gain.gain.setTargetAtTime(.4, at, .01);
    gain.gain.setTargetAtTime(0, at + .1, .02);
    tone.connect(gain).connect(burst);
    tone.start(at);
    tone.stop(at + .25);
  }
}
