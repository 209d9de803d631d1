/* Tells the server that somebody can see this page, and whether it can be heard: a room that no screen shows is an alarm.
   It is told while the page is in view and hears the server, at every word of the server's; and at once when the page is
   hidden, as by another tab, a locked phone or its end. What is never told counts as hidden. */
import { token } from "./acts.js";

export class Shown {
  constructor({ address, canSound, isLive, page = document, post = send }) {
    Object.assign(this, { address, canSound, isLive, page, post, screen: crypto.randomUUID() });
    page.body.dataset.screen = this.screen;
    page.addEventListener("visibilitychange", () => (page.visibilityState === "visible" ? this.say() : this.leave()));
    window.addEventListener("pagehide", () => this.leave());
  }

  say() {
    if (this.page.visibilityState !== "visible" || !this.isLive()) return;
    this.post(this.address, { screen: this.screen, ...(this.canSound() ? { can_sound: "on" } : {}) });
  }

  leave() {
    this.post(this.address, { screen: this.screen, is_hidden: "on" });
  }
}

function send(address, said) {
  const headers = { "X-CSRFToken": token() };
  fetch(address, { method: "POST", headers, body: new URLSearchParams(said), keepalive: true }).catch(() => {});
}
