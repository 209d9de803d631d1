/* What the bar says about the link to the server: since when there is none, that a stop is kept on this
   screen, and that one is not kept anywhere but in this page. */
import { timeOfDay } from "./ticking.js";

export function sayLink({ root = document.documentElement, clock, queue = null }) {
  const isUnkept = queue !== null && !queue.isOnDevice();
  root.toggleAttribute("data-waiting", !isUnkept && Boolean(queue?.kept().length));
  root.toggleAttribute("data-unkept", isUnkept);
  root.toggleAttribute("data-keeps-nothing", queue !== null && !queue.canKeep());
  const since = document.querySelector("[data-lost-since]");
  if (root.dataset.link === "lost" && since) since.textContent = timeOfDay(clock.now() - clock.silence());
}
