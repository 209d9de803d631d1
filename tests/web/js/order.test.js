import assert from "node:assert/strict";
import test from "node:test";
import { Order } from "./bedside/js/order.js";

test("the next entry is applied, one seen before is dropped, and a missing one is a hole", () => {
  const order = new Order(41);
  assert.equal(order.take(42), "apply");
  assert.equal(order.take(42), "drop");
  assert.equal(order.take(40), "drop");
  assert.equal(order.take(44), "hole");
  assert.equal(order.seq, 42);
});

test("a heartbeat ahead of what came before it tells of a loss", () => {
  const order = new Order(41);
  assert.ok(order.missed(42));
  assert.equal(order.missed(41), false);
});

test("a snapshot stands for everything up to its number, and an old one is of no use", () => {
  const order = new Order(41);
  assert.ok(order.jump(50));
  assert.equal(order.take(50), "drop");
  assert.equal(order.jump(45), false);
  assert.equal(order.seq, 50);
});

test("whatever order entries come in, none is applied twice and none out of turn", () => {
  for (let round = 0; round < 200; round++) {
    const order = new Order(0), applied = [];
    for (let i = 0; i < 40; i++) {
      const seq = 1 + Math.floor(dice() * 12), what = order.take(seq);
      if (what === "apply") applied.push(seq);
      if (what === "hole") order.jump(seq) && applied.push(...range(applied.length + 1, seq));
    }
    assert.deepEqual(applied, range(1, order.seq));
  }
});

let seed = 20261123;
const dice = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
const range = (from, to) => Array.from({ length: Math.max(to - from + 1, 0) }, (_, i) => from + i);
