/* What moves with the clock alone: ages, waits, running times, the line of now on the charts, the time of day. */
import { ago, lasting, until } from "../../web/js/ago.js";

export function tick(clock) {
  const now = clock.now();
  if (Number.isNaN(now)) return;
  say("[data-ago]", (time) => ago(Date.parse(time.dateTime), now));
  say("[data-until]", (time) => until(Date.parse(time.dateTime), now));
  say("[data-runs-from]", ({ dataset }) => lasting(Number(dataset.elapsedS) + (now - Date.parse(dataset.runsFrom)) / 1000));
  say("[data-running-since]", ({ dataset }) => lasting((now - Date.parse(dataset.runningSince)) / 1000));
  say("[data-counts-down-to]", ({ dataset }) => lasting(Math.max(0, Math.ceil((Date.parse(dataset.countsDownTo) - now) / 1000))));
  for (const alarm of document.querySelectorAll("[data-paused-until]")) {
    alarm.toggleAttribute("data-is-paused", Date.parse(alarm.dataset.pausedUntil) > now);
  }
  say("[data-clock]", () => timeOfDay(now));
  document.querySelectorAll("[data-began-at]").forEach((chart) => moveNow(chart, now));
}

function say(selector, words) {
  for (const element of document.querySelectorAll(selector)) {
    const said = words(element);
    if (element.textContent !== said) element.textContent = said;
  }
}

/* The clinic's time of day: the server's times, of which data-at is the newest, carry the clinic's offset from UTC. */
export function timeOfDay(now) {
  const offset = /([+-])(\d\d):(\d\d)$/.exec(document.body.dataset.at);
  const minutes = offset ? Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
  return new Date(now + minutes * 60000).toISOString().slice(11, 16);
}

function moveNow(chart, now) {
  const { beganAt, fromMin, toMin } = chart.dataset;
  const part = ((now - Date.parse(beganAt)) / 60000 - Number(fromMin)) / (Number(toMin) - Number(fromMin));
  const at = `${(Math.min(Math.max(part, 0), 1) * 100).toFixed(2)}%`;
  chart.querySelectorAll("[data-now-line]").forEach((line) => { line.setAttribute("x1", at); line.setAttribute("x2", at) });
  chart.querySelectorAll("[data-now-word]").forEach((word) => word.setAttribute("x", at));
  chart.querySelectorAll("[data-past]").forEach((past) => past.setAttribute("width", (Math.max(part, 0) * 1000).toFixed(1)));
}
