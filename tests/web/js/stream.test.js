import assert from "node:assert/strict";
import test from "node:test";
import { ServerClock } from "./bedside/js/clock.js";
import { Stream } from "./bedside/js/stream.js";

const T = Date.parse("2026-11-23T10:41:00Z");
globalThis.document = { body: { dataset: {} } };

class Source {
  constructor(url) { Object.assign(this, { url, heard: {}, closed: false }) }
  addEventListener(name, f) { this.heard[name] = f }
  say(name, data) { this.heard[name]({ data: JSON.stringify(data) }) }
  close() { this.closed = true }
}

function stand() {
  const time = { wall: 1000, steady: 0 }, sources = [], waiting = [], seen = [];
  const clock = new ServerClock({ wall: () => time.wall, steady: () => time.steady });
  let after = 41;
  const stream = new Stream({
    clock,
    address: () => `/stream?after=${after}`,
    on: { heartbeat: () => seen.push("heartbeat"), entry: ({ seq }) => { after = seq; seen.push(seq) } },
    make: (url) => { const source = new Source(url); sources.push(source); return source },
    later: (f, ms) => waiting.push({ f, ms }),
  });
  const pass = (ms) => { time.wall += ms; time.steady += ms };
  const beat = (ms) => sources.at(-1).say("heartbeat", { server_time: new Date(T + ms).toISOString() });
  const again = () => waiting.splice(0).forEach(({ f }) => f());
  stream.open();
  return { stream, clock, sources, waiting, seen, pass, beat, again, time };
}

test("it asks again after the last entry it saw", () => {
  const { sources, again, beat } = stand();
  beat(0);
  sources[0].say("entry", { seq: 42 });
  sources[0].onerror();
  again();
  assert.equal(sources[1].url, "/stream?after=42");
  assert.ok(sources[0].closed);
});

test("what an old connection still says is not heard", () => {
  const { sources, again, seen, beat } = stand();
  beat(0);
  sources[0].onerror();
  again();
  sources[0].say("entry", { seq: 42 });
  assert.deepEqual(seen, ["heartbeat"]);
});

test("silence that nobody has closed is given up within six seconds", () => {
  const { stream, sources, beat, pass, again } = stand();
  beat(0);
  pass(5000);
  stream.check();
  assert.equal(sources[0].closed, false);
  pass(1000);
  stream.check();
  assert.ok(sources[0].closed);
  again();
  assert.equal(sources.length, 2);
});

test("a new connection has its own time before it is given up", () => {
  const { stream, sources, pass, again, beat } = stand();
  beat(0);
  pass(60_000);
  stream.check();
  again();
  pass(3000);
  stream.check();
  assert.equal(sources[1].closed, false);
});

test("a proxy that holds everything back is no connection", () => {
  const { sources, beat, pass, clock } = stand();
  beat(0);
  pass(20_000);
  beat(2000);
  assert.ok(sources[0].closed);
  assert.ok(clock.silence() > 6000);
});

test("failures are tried again, ever more slowly, and a word heals that", () => {
  const { sources, waiting, again, beat } = stand();
  const waits = [];
  for (let i = 0; i < 6; i++) {
    sources.at(-1).onerror();
    waits.push(waiting[0].ms);
    again();
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000, 2000, 2000]);
  beat(0);
  sources.at(-1).onerror();
  assert.equal(waiting[0].ms, 250);
});

test("a page that rests gives its line back, asks for none by itself, and comes back to what it missed", () => {
  const { stream, sources, again, beat } = stand();
  beat(0);
  sources[0].say("entry", { seq: 42 });
  sources[0].onerror();
  stream.rest();
  again();
  assert.equal(sources.length, 1);
  assert.ok(sources[0].closed);
  stream.wake();
  assert.equal(sources[1].url, "/stream?after=42");
  stream.wake();
  assert.equal(sources.length, 2);
});
