import assert from "node:assert/strict";
import test from "node:test";
import { tally } from "./bedside/js/drops.js";
import { isTooOld } from "./bedside/js/fresh.js";
import { isFull } from "./bedside/js/keypad.js";

const every = (ms, n) => Array.from({ length: n }, (_, i) => 5000 + i * ms);

const HAND = { handS: 0.2, enough: 0.05 };

test("n taps span n - 1 drops, give or take a drop and the hand", () => {
  const { drops, seconds, rate, least, most, isEnough } = tally(every(1200, 41), HAND);
  assert.deepEqual([drops, seconds, rate], [40, 48, 50]);
  assert.deepEqual([least.toFixed(2), most.toFixed(2)], ["48.55", "51.46"]); // 39 * 60 / 48.2 and 41 * 60 / 47.8
  assert.ok(isEnough);
});

test("few taps say that they say little", () => {
  const { least, most, isEnough } = tally(every(1200, 6), HAND);
  assert.deepEqual([least.toFixed(1), most.toFixed(1)], ["38.7", "62.1"]); // 4 * 60 / 6.2 and 6 * 60 / 5.8
  assert.ok(!isEnough);
});

test("one tap, or less than a second, is no count", () => {
  for (const taps of [[], [100], [100, 400, 700]]) assert.equal(tally(taps, HAND), null);
});

test("a reading is good until its limit and not a moment longer", () => {
  const reading = { measuredAt: "2026-11-23T10:41:00Z", goodForS: "12" }, at = Date.parse(reading.measuredAt);
  assert.equal(isTooOld(reading, at + 12_000), false);
  assert.equal(isTooOld(reading, at + 12_001), true);
});

test("a reading whose age cannot be known is too old", () => {
  const at = Date.parse("2026-11-23T10:41:00Z");
  assert.ok(isTooOld({ measuredAt: "", goodForS: "12" }, at));
  assert.ok(isTooOld({ measuredAt: "2026-11-23T10:41:00Z" }, at));
  assert.ok(isTooOld({ measuredAt: "2026-11-23T10:41:00Z", goodForS: "12" }, NaN));
});

test("a field is full when no further figure could follow", () => {
  const full = (name, ...texts) => texts.map((text) => isFull(name, text));
  assert.deepEqual(full("sbp_mmhg", "1", "13", "131", "85", "20"), [false, false, true, true, false]);
  assert.deepEqual(full("dbp_mmhg", "8", "82", "10", "104"), [false, true, false, true]);
  assert.deepEqual(full("pulse_per_min", "78", "10", "155"), [true, false, true]);
  assert.deepEqual(full("spo2_percent", "97", "10", "100"), [true, false, true]);
  assert.equal(isFull("resp_per_min", "14"), false);
});
