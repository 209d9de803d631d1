/* What time is it at the server, and for how long has it been silent? Two clocks of the browser are asked: the wall
   clock goes on while a laptop sleeps, the steady one cannot be set back; the larger step counts. So an age may come
   out too long for a moment, never too short. All in milliseconds.

   `hear(serverTime, sentAfter)`: something came that the server made at `serverTime`, not before this browser's moment
   `sentAfter` (when the request was made). Until the next word the server's time is never below that. A word that comes
   later than it should (a proxy has held it back) tells nothing new, and does not count as life. */

export const SILENCE_MS = 5500; // heartbeats come every 2 s; the page says so within 6 s

export class ServerClock {
  #base = null; // { server, wall, steady }: the server's time is at least `server` plus what has passed since
  #heard = null; // { wall, steady }

  constructor(browser = { wall: () => Date.now(), steady: () => performance.now() }) {
    this.browser = browser;
  }

  moment() {
    return { wall: this.browser.wall(), steady: this.browser.steady() };
  }

  /* The first word of a connection: nothing earlier is trusted. */
  begin(serverTime, sentAfter) {
    this.#base = { server: serverTime, ...sentAfter };
    this.#heard = this.moment();
  }

  /* A later word on the same connection. Answers whether it came in time. */
  hear(serverTime) {
    if (this.#base === null) return false;
    const late = this.now() - serverTime;
    if (late > SILENCE_MS) return false;
    this.#heard = this.moment();
    if (late < 0) this.#base = { server: serverTime, ...this.#heard };
    return true;
  }

  now() {
    return this.#base === null ? NaN : this.#base.server + this.#since(this.#base);
  }

  silence() {
    return this.#heard === null ? Infinity : this.#since(this.#heard);
  }

  #since(moment) {
    return Math.max(this.browser.wall() - moment.wall, this.browser.steady() - moment.steady, 0);
  }
}
