/* What the bar says about the link to the server: since when there is none, and that a stop is kept on this screen. */
import { timeOfDay } from "./ticking.js";

export function sayLink({ root = document.documentElement, clock, keptStops = 0 }) {
  root.toggleAttribute("data-waiting", keptStops > 0);
  const since = document.querySelector("[data-lost-since]");
  if (root.dataset.link === "lost" && since) since.textContent = timeOfDay(clock.now() - clock.silence());
}
