/* The live room: puts the parts together. Protocol: docs/stream.md. */
import { open } from "../../web/js/dialogs.js";
import { listenForActs } from "./acts.js";
import { Alarms } from "./alarms.js";
import { ServerClock, SILENCE_MS } from "./clock.js";
import { goDarkWhenAsked } from "./dark.js";
import { listenForDrops } from "./drops.js";
import { watchFreshness } from "./fresh.js";
import { listenForKeypad } from "./keypad.js";
import { sayLink } from "./link.js";
import { Order } from "./order.js";
import { Paper } from "./paper.js";
import { restWhileUnseen } from "./rest.js";
import { Shown } from "./shown.js";
import { Sound } from "./sound.js";
import { AGAIN_MS, listenForStop, StopQueue } from "./stop.js";
import { Stream } from "./stream.js";
import { swapAll } from "./swap.js";
import { tick } from "./ticking.js";
import { listenForWhatIf } from "./whatif.js";

const { room, seq, at, stopKey: key = "" } = document.body.dataset;
const clock = new ServerClock();
clock.begin(Date.parse(at), { wall: performance.timeOrigin, steady: 0 }); // drawn after this page was asked for
const order = new Order(Number(seq));
// A display that stands with the patient is quiet; every other one, and a phone, is to be heard.
const isLive = () => clock.silence() < SILENCE_MS;
const soundBar = document.querySelector("[data-sound-bar]");
const sound = document.body.hasAttribute("data-sounds") ? new Sound({ bar: soundBar, changed: () => shown.say() }) : null;
const alarms = new Alarms({ sound, isLive });
const shown = new Shown({ address: `${room}shown`, canSound: () => sound?.isArmed() ?? false, isLive });

async function catchUp() {
  const sentAfter = clock.moment();
  const response = await fetch(`${room}snapshot`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!response?.ok) return;
  const snapshot = await response.json();
  if (!order.jump(snapshot.seq)) return;
  clock.begin(Date.parse(snapshot.server_time), sentAfter);
  swapAll(snapshot.fragments);
}

let catching = null;
const catchUpOnce = () => (catching ??= catchUp().finally(() => { catching = null }));

const paper = new Paper({ clock });
const stream = new Stream({
  clock,
  address: () => `${room}stream?after=${order.seq}&screen=${shown.screen}`,
  on: {
    entry({ seq, fragments, alarms: heard }) {
      alarms.hear(heard);
      const what = order.take(seq);
      if (what === "apply") swapAll(fragments);
      if (what === "hole") catchUpOnce();
    },
    samples: ({ fragments }) => swapAll(fragments),
    heartbeat({ head_seq: headSeq, alarms: heard, watched, clock_set_by_s: setBy = null, calls_fail: callsFail = false, fragments = [] }) {
      alarms.hear(heard, watched, setBy, callsFail);
      shown.say();
      if (order.missed(headSeq)) catchUpOnce();
      swapAll(fragments);
      queue.send();
    },
  },
});

/* A word at the foot of the page: its words stand on the element, one for each outcome. */
function tell(outcome) {
  const told = document.getElementById("told");
  told.textContent = told.dataset[outcome];
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { told.textContent = "" }, 4000);
}

const queue = new StopQueue({ href: room, key, changed: () => sayLink({ clock, queue }) });
const seenSeq = () => order.seq;
const press = listenForStop({ queue, seenSeq, now: () => clock.now() });
listenForActs({ seenSeq, tell, instead: (form) => Boolean(form.closest("[data-clamp-asked]")) && press("clamp-closed") });
listenForDrops();
listenForKeypad();
listenForWhatIf();

document.addEventListener("click", async (event) => {
  const fill = event.target.closest("[data-fills]"), correct = event.target.closest("[data-corrects]");
  if (fill) fillIn(document.getElementById(fill.dataset.fills), fill.dataset.with);
  const offered = event.target.closest("[data-prefills]");
  if (offered) setTimeout(() => fillIn(document.querySelector(offered.dataset.prefills), offered.dataset.with)); // once the sheet is open
  const whole = event.target.closest("[data-fills-form]");
  if (whole) fillInAll(whole.form, JSON.parse(whole.dataset.fillsForm));
  if (correct) await openCorrection(correct.dataset.corrects);
});

/* As if it had been typed: whoever listens to the field hears of it. */
function fillIn(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Fields and choices by their names; what is not named stays for somebody to say, as why. */
function fillInAll(form, said) {
  for (const [name, value] of Object.entries(said)) form.elements[name].value = value;
}

/* The sheet of a correction holds the line as it stands, so it is drawn when it is wanted. */
async function openCorrection(correctsSeq) {
  const response = await fetch(`${room}acts/correct?seq=${correctsSeq}`).catch(() => null);
  if (!response?.ok) return tell("noAnswer");
  document.getElementById("act-correct")?.remove();
  document.body.insertAdjacentHTML("beforeend", await response.text());
  open(document.getElementById("act-correct"));
}

goDarkWhenAsked();
watchFreshness({ clock, isLive, changed: () => alarms.check() });
setInterval(() => {
  stream.check();
  tick(clock);
  sayLink({ clock, queue });
  paper.say();
  alarms.check();
}, 1000);
setInterval(() => queue.kept().length && queue.send(), AGAIN_MS);
tick(clock);
alarms.check();
stream.open();
restWhileUnseen({ stream, isHeard: () => sound?.isArmed() ?? false });
queue.send();
