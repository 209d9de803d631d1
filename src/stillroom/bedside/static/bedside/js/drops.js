/* Counting drops by taps: n taps span n - 1 drops. The figure says how sure it is; few taps say little. Everything here is
   on the device, so it goes on while the server is away. The same sums as core/drip/counting.py, held equal by a test; its
   numbers come with the sheet. */

export function tally(taps, { handS, dropsPerMl, enough }) {
  const drops = taps.length - 1;
  const seconds = drops > 0 ? Math.round((taps.at(-1) - taps[0]) / 100) / 10 : 0;
  if (drops < 1 || seconds < 1) return null;
  const rate = (drops * 60) / seconds;
  const least = ((drops - 1) * 60) / (seconds + handS);
  const most = ((drops + 1) * 60) / Math.max(seconds - handS, seconds / 2);
  const off = Math.max(most - rate, rate - least);
  const flow = dropsPerMl ? { flow: (rate * 60) / dropsPerMl, flowOff: (off * 60) / dropsPerMl } : {};
  return { drops, seconds, rate, least, most, isEnough: off / rate <= enough, hasGap: hasGap(taps), ...flow };
}

/* A gap far longer than the usual one: a drop that was not tapped. */
function hasGap(taps) {
  const gaps = taps.slice(1).map((tap, index) => tap - taps[index]);
  const usual = [...gaps].sort((one, other) => one - other)[Math.floor(gaps.length / 2)];
  return gaps.length > 3 && gaps.some((gap) => gap > 1.7 * usual);
}

export function listenForDrops(root = document) {
  root.addEventListener("pointerdown", (event) => {
    const pad = event.target.closest("[data-tap-drop]");
    if (pad) tap(pad, event.timeStamp);
  });
  root.addEventListener("keydown", (event) => {
    const pad = padFor(event);
    if (!pad) return;
    event.preventDefault();
    if (!event.repeat) tap(pad, event.timeStamp);
  });
  root.addEventListener("click", (event) => {
    const counter = event.target.closest("[data-drop-counter]");
    if (event.target.closest("[data-tap-again]")) show(counter, []);
    if (event.target.closest("[data-tap-undo]")) show(counter, (counter.taps ?? []).slice(0, -1));
  });
  root.addEventListener("dialog:open", ({ target }) => {
    const counter = target.querySelector("[data-drop-counter]");
    if (counter) show(counter, []);
  });
}

/* Space counts anywhere on the sheet but where it means something else; Enter on the pad alone. */
function padFor(event) {
  if (![" ", "Enter"].includes(event.key)) return null;
  const own = event.target.closest?.("[data-tap-drop]");
  if (own || event.key === "Enter" || event.target.matches?.("input, textarea, select, button, summary")) return own;
  return event.target.closest?.("dialog[open]")?.querySelector("[data-tap-drop]");
}

function tap(pad, at) {
  const counter = pad.closest("[data-drop-counter]");
  navigator.vibrate?.(12); // felt by the thumb, heard by nobody
  counter.closest("form")?.setAttribute("data-touched", ""); // a count is lost like anything typed
  show(counter, [...(counter.taps ?? []), at]);
}

function show(counter, taps) {
  counter.taps = taps;
  const { handS, dropsPerMl, enough } = counter.dataset;
  const seen = tally(taps, { handS: Number(handS), dropsPerMl: Number(dropsPerMl), enough: Number(enough) });
  const form = counter.closest("form"), part = (what) => counter.querySelector(what);
  const say = (what, words) => { part(what).textContent = words }, reveal = (what, is) => { part(what).hidden = !is };
  reveal("[data-tap-first]", taps.length === 0);
  reveal("[data-tap-count]", taps.length > 0);
  reveal("[data-drop-doubt]", seen);
  reveal("[data-drop-flow]", seen?.flow !== undefined);
  reveal("[data-gap]", seen?.hasGap);
  reveal("[data-enough-word]", seen?.isEnough && !seen.hasGap);
  reveal("[data-few]", !seen?.isEnough && !seen?.hasGap);
  part("[data-tap-undo]").disabled = taps.length === 0;
  say("[data-drops]", Math.max(taps.length - 1, 0));
  say("[data-drop-rate]", seen ? Math.round(seen.rate) : "–");
  say("[data-least]", seen ? Math.floor(seen.least) : "");
  say("[data-most]", seen ? Math.ceil(seen.most) : "");
  say("[data-flow]", seen?.flow === undefined ? "" : Math.round(seen.flow));
  say("[data-off]", seen?.flow === undefined ? "" : Math.ceil(seen.flowOff));
  form.elements.drops.value = seen ? seen.drops : "";
  form.elements.seconds.value = seen ? seen.seconds.toFixed(1) : "";
}
