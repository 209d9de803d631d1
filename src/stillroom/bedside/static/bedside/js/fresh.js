/* No number older than its limit is ever painted. Before each frame every reading is asked its age; one that is too old
   gives its figure up, for good: only the server can bring a new one. When the page is hidden, frozen or left, all
   figures are blanked at once, so that nothing old is on the glass when it comes back. */

const BLANK = "–";

/* `changed`: told at once when the page is lost, or live again. */
export function watchFreshness({ clock, isLive, changed = () => {} }) {
  const root = document.documentElement;
  const paint = () => {
    const state = document.hidden ? "asleep" : isLive() ? "live" : "lost";
    const isNew = root.dataset.link !== state;
    if (isNew) root.dataset.link = state;
    dropOld(clock.now());
    if (isNew) changed();
  };
  const sleep = () => { root.dataset.link = "asleep" };
  const frame = () => { paint(); requestAnimationFrame(frame) };
  document.addEventListener("visibilitychange", () => (document.hidden ? sleep() : paint()));
  document.addEventListener("freeze", sleep);
  document.addEventListener("resume", paint);
  window.addEventListener("pagehide", sleep);
  window.addEventListener("pageshow", paint);
  setInterval(() => document.hidden || paint(), 1000); // a covered window may get no frames
  frame();
}

export function dropOld(now) {
  for (const reading of document.querySelectorAll('[data-reading][data-state="fresh"]')) {
    if (isTooOld(reading.dataset, now)) blank(reading);
  }
}

export function isTooOld({ measuredAt, goodForS }, now) {
  return !(now - Date.parse(measuredAt) <= Number(goodForS) * 1000); // not a number counts as too old
}

function blank(reading) {
  reading.dataset.state = "stale";
  reading.querySelectorAll("[data-figure]").forEach((figure) => { figure.textContent = BLANK });
  reading.querySelectorAll(".when-fresh, .spark").forEach((detail) => detail.remove());
}
