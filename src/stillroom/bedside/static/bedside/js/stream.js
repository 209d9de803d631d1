/* Hears the server and stays connected. The browser's own reconnecting is not used: it asks again at the old address
   and gives up on some failures. Here a stream that fails, or is silent for SILENCE_MS, is closed and asked for anew at
   `address()`, which names the last entry seen (docs/stream.md). `on` maps event names to functions of their data. */
import { SILENCE_MS } from "./clock.js";

const AGAIN_MS = [250, 500, 1000, 2000];

export class Stream {
  #source = null;
  #failures = 0;
  #openedAt = null;
  #begun = false;
  #isResting = false;

  constructor({ address, clock, on, make = (url) => new EventSource(url), later = (f, ms) => setTimeout(f, ms) }) {
    Object.assign(this, { address, clock, on, make, later });
  }

  open() {
    this.close();
    const source = this.make(this.address());
    this.#source = source;
    this.#openedAt = this.clock.moment();
    this.#begun = false;
    source.onerror = () => this.#fail(source);
    for (const name of Object.keys(this.on)) {
      source.addEventListener(name, (event) => source === this.#source && this.#hear(name, JSON.parse(event.data)));
    }
  }

  close() {
    this.#source?.close();
    this.#source = null;
  }

  rest() {
    this.#isResting = true;
    this.close();
  }

  wake() {
    const wasResting = this.#isResting;
    this.#isResting = false;
    if (wasResting && !this.#source) this.open();
  }

  /* Called each second: a connection that says nothing is no connection, though nobody has closed it. */
  check() {
    if (this.#source && this.clock.silence() > SILENCE_MS && this.#openFor() > SILENCE_MS) this.#fail(this.#source);
  }

  #hear(name, data) {
    if (data.server_time && !this.#inTime(Date.parse(data.server_time))) return this.#fail(this.#source);
    this.#failures = 0;
    if (data.server_time) document.body.dataset.at = data.server_time; // with the clinic's offset, which may change
    this.on[name](data);
  }

  #inTime(serverTime) {
    if (this.#begun) return this.clock.hear(serverTime);
    this.#begun = true;
    if (this.#openFor() > SILENCE_MS) return false;
    this.clock.begin(serverTime, this.#openedAt);
    return true;
  }

  #openFor() {
    const now = this.clock.moment();
    return Math.max(now.wall - this.#openedAt.wall, now.steady - this.#openedAt.steady);
  }

  #fail(source) {
    if (source !== this.#source) return;
    this.close();
    const wait = AGAIN_MS[Math.min(this.#failures++, AGAIN_MS.length - 1)];
    this.later(() => this.#source === null && !this.#isResting && this.open(), wait);
  }
}
