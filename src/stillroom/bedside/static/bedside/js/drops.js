/* Counting drops by taps: n taps span n - 1 drops. The figure says how sure it is; few taps say little. */

export function tally(taps) {
  const drops = taps.length - 1;
  const seconds = drops > 0 ? Math.round((taps.at(-1) - taps[0]) / 100) / 10 : 0;
  if (drops < 1 || seconds < 1) return null;
  const perMinute = (n) => Math.round((n * 60) / seconds);
  return { drops, seconds, rate: perMinute(drops), least: perMinute(drops - 1), most: perMinute(drops + 1) };
}

export function listenForDrops(root = document) {
  root.addEventListener("pointerdown", (event) => event.target.closest("[data-tap-drop]") && tap(event));
  root.addEventListener("keydown", (event) => {
    if (event.repeat || ![" ", "Enter"].includes(event.key) || !event.target.matches?.("[data-tap-drop]")) return;
    event.preventDefault();
    tap(event);
  });
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-tap-again]")) show(event.target.closest("[data-drop-counter]"), []);
  });
  root.addEventListener("dialog:open", ({ target }) => {
    const counter = target.querySelector("[data-drop-counter]");
    if (counter) show(counter, []);
  });
}

function tap(event) {
  const counter = event.target.closest("[data-drop-counter]");
  show(counter, [...(counter.taps ?? []), event.timeStamp]);
}

function show(counter, taps) {
  counter.taps = taps;
  const seen = tally(taps), form = counter.closest("form"), say = (what, words) => { counter.querySelector(what).textContent = words };
  counter.querySelector("[data-tap-first]").hidden = taps.length > 0;
  counter.querySelector("[data-tap-count]").hidden = taps.length === 0;
  counter.querySelector("[data-drop-doubt]").hidden = !seen;
  say("[data-drops]", Math.max(taps.length - 1, 0));
  say("[data-drop-rate]", seen ? seen.rate : "–");
  say("[data-least]", seen?.least ?? "");
  say("[data-most]", seen?.most ?? "");
  form.elements.drops.value = seen ? seen.drops : "";
  form.elements.seconds.value = seen ? seen.seconds.toFixed(1) : "";
}
