/* The board: every room's newest picture, and the sound for the staff. Protocol: docs/stream.md. */
import { ServerClock, SILENCE_MS } from "./clock.js";
import { watchFreshness } from "./fresh.js";
import { sayLink } from "./link.js";
import { Sound } from "./sound.js";
import { Stream } from "./stream.js";
import { swapAll } from "./swap.js";
import { tick } from "./ticking.js";

const { board, at } = document.body.dataset;
const clock = new ServerClock();
clock.begin(Date.parse(at), { wall: performance.timeOrigin, steady: 0 }); // drawn after this page was asked for
const isLive = () => clock.silence() < SILENCE_MS;
const sound = new Sound({ bar: document.querySelector("[data-sound-bar]") });
let unacknowledged = null;

const stream = new Stream({
  clock,
  address: () => `${board}stream`,
  on: {
    board: ({ fragments }) => swapAll(fragments),
    heartbeat({ alarms, fragments = [] }) {
      unacknowledged = alarms?.sounds ?? null;
      swapAll(fragments);
    },
  },
});

watchFreshness({ clock, isLive });
setInterval(() => {
  stream.check();
  tick(clock);
  sayLink({ clock });
  sound.check();
  sound.sound(isLive() ? unacknowledged : "high"); // a wall that hears nothing must not be quiet
}, 1000);
tick(clock);
sound.check();
stream.open();
