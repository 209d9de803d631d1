/* The board: every room's newest picture, and the sound for the staff. Protocol: docs/stream.md. */
import "./kept.js";
import { Alarms } from "./alarms.js";
import { ServerClock, SILENCE_MS } from "./clock.js";
import { sayWhatIsBelow } from "./below.js";
import { markMine } from "./mine.js";
import { goDarkWhenAsked } from "./dark.js";
import { watchFreshness } from "./fresh.js";
import { sayLink } from "./link.js";
import { restWhileUnseen } from "./rest.js";
import { Shown } from "./shown.js";
import { Sound } from "./sound.js";
import { Stream } from "./stream.js";
import { swapAll } from "./swap.js";
import { tick } from "./ticking.js";

const { board, at } = document.body.dataset;
const clock = new ServerClock();
clock.begin(Date.parse(at), { wall: performance.timeOrigin, steady: 0 }); // drawn after this page was asked for
const isLive = () => clock.silence() < SILENCE_MS;
const sound = new Sound({ bar: document.querySelector("[data-sound-bar]"), changed: () => shown.say() });
const alarms = new Alarms({ sound, isLive });
const shown = new Shown({ address: `${board}shown`, canSound: () => sound.isArmed(), isLive });

const stream = new Stream({
  clock,
  address: () => `${board}stream?screen=${shown.screen}`,
  on: {
    board({ fragments }) {
      swapAll(fragments);
      markMine();
    },
    heartbeat({ alarms: heard, watched, clock_set_by_s: setBy = null, calls_fail: callsFail = false, fragments = [] }) {
      alarms.hear(heard, watched, setBy, callsFail);
      shown.say();
      swapAll(fragments);
    },
  },
});

goDarkWhenAsked();
watchFreshness({ clock, isLive, changed: () => alarms.check() });
setInterval(() => {
  stream.check();
  tick(clock);
  sayLink({ clock });
  sayWhatIsBelow();
  alarms.check();
}, 1000);
tick(clock);
markMine();
alarms.check();
stream.open();
restWhileUnseen({ stream, isHeard: () => sound.isArmed() });
