import assert from "node:assert/strict";
import test from "node:test";
import { ServerClock, SILENCE_MS } from "./bedside/js/clock.js";

const T = Date.parse("2026-11-23T10:41:00Z");

function at(wall = 1000, steady = 0) {
  const browser = { time: { wall, steady }, wall() { return this.time.wall }, steady() { return this.time.steady } };
  const clock = new ServerClock(browser);
  const pass = (ms, { asleep = false, set = 0 } = {}) => {
    browser.time.wall += ms + set;
    if (!asleep) browser.time.steady += ms;
  };
  return { clock, pass, begin: () => clock.begin(T, clock.moment()) };
}

test("before the first word there is no time and nothing but silence", () => {
  const { clock } = at();
  assert.ok(Number.isNaN(clock.now()));
  assert.equal(clock.silence(), Infinity);
});

test("an age is never too short: time counts from when the page was asked for", () => {
  const { clock, pass } = at();
  const asked = clock.moment();
  pass(3000);
  clock.begin(T, asked);
  assert.equal(clock.now(), T + 3000);
});

test("a laptop that slept has grown old, though its steady clock stood still", () => {
  const { clock, pass, begin } = at();
  begin();
  pass(3600_000, { asleep: true });
  assert.equal(clock.now(), T + 3600_000);
  assert.ok(clock.silence() > SILENCE_MS);
});

test("a wall clock set back makes nothing younger", () => {
  const { clock, pass, begin } = at(10 * 3600_000);
  begin();
  pass(4000, { set: -3600_000 });
  assert.equal(clock.now(), T + 4000);
});

test("a word in time is life; one that a proxy held back is not", () => {
  const { clock, pass, begin } = at();
  begin();
  pass(4000);
  assert.ok(clock.hear(T + 4000));
  assert.equal(clock.silence(), 0);
  pass(8000);
  assert.equal(clock.hear(T + 6000), false);
  assert.equal(clock.silence(), 8000);
});

test("the server's time never goes back", () => {
  const { clock, pass, begin } = at();
  begin();
  pass(2000);
  clock.hear(T + 2500);
  assert.equal(clock.now(), T + 2500);
  pass(2000);
  clock.hear(T + 3900);
  assert.equal(clock.now(), T + 4500);
});
