import assert from "node:assert/strict";
import test from "node:test";
import { sayLink } from "./bedside/js/link.js";
import { StopQueue } from "./bedside/js/stop.js";

const store = () => ({ kept: {}, getItem(key) { return this.kept[key] ?? null }, setItem(key, text) { this.kept[key] = text } });
const press = (queue, act = "stop", id = "a-1") => queue.add(act, 41, "2026-11-23T10:41:07.000Z", id);

test("a stop is sent at once and kept until it is answered", async () => {
  const sent = [], queue = new StopQueue({
    href: "/bedside/1/",
    store: store(),
    post: async (url, body, id) => { sent.push([url, body.get("pressed_at"), id, queue.kept().length]); return { outcome: "done" } },
  });
  await press(queue);
  assert.deepEqual(sent, [["/bedside/1/acts/stop", "2026-11-23T10:41:07.000Z", "a-1", 1]]);
  assert.deepEqual(queue.kept(), []);
});

test("without an answer it is kept, also over a new page, and sent again as the same act", async () => {
  const kept = store(), sent = [];
  await press(new StopQueue({ href: "/bedside/1/", store: kept, post: async () => null }));
  const later = new StopQueue({ href: "/bedside/1/", store: kept, post: async (url, body, id) => { sent.push(id); return { outcome: "done" } } });
  assert.equal(later.kept().length, 1);
  await later.send();
  assert.deepEqual(sent, ["a-1"]);
  assert.deepEqual(later.kept(), []);
});

test("the clamp is said to be closed only after the stop", async () => {
  const kept = store(), sent = [];
  let answers = false;
  const queue = new StopQueue({ href: "/bedside/1/", store: kept, post: async (url, body, id) => { sent.push(id); return answers ? { outcome: "done" } : null } });
  await press(queue, "stop", "a-1");
  await press(queue, "clamp-closed", "a-2");
  assert.deepEqual(sent, ["a-1", "a-1"]);
  answers = true;
  await queue.send();
  assert.deepEqual(sent.slice(2), ["a-1", "a-2"]);
});

test("nothing but ids, times and the key of the page is kept", async () => {
  const kept = store(), queue = new StopQueue({ href: "/bedside/1/", store: kept, post: async () => null });
  await press(queue);
  assert.deepEqual(Object.keys(queue.kept()[0]).sort(), ["act", "act_id", "href", "pressed_at", "seen_seq", "stop_key"]);
});

test("that this screen is not let in is no answer: the stop is kept, and goes when it is let in again", async () => {
  const kept = store(), sent = [];
  let isLetIn = false;
  const post = async (url, body, id) => { sent.push(id); return isLetIn ? { outcome: "done" } : { outcome: "refused", isLetIn: false } };
  const queue = new StopQueue({ href: "/bedside/1/", store: kept, post, renew: async () => false });
  await press(queue);
  await press(queue, "clamp-closed", "a-2");
  assert.deepEqual(queue.kept().map((each) => each.act_id), ["a-1", "a-2"]);
  isLetIn = true;
  await queue.send();
  assert.deepEqual(queue.kept(), []);
  assert.deepEqual(sent, ["a-1", "a-1", "a-1", "a-2"]);
});

test("a page with an old token fetches a new one and sends the same act again", async () => {
  const sent = [];
  let isOld = true;
  const queue = new StopQueue({
    href: "/bedside/1/", store: store(),
    post: async (url, body, id) => { sent.push(id); return isOld ? { outcome: "refused", isLetIn: false } : { outcome: "done" } },
    renew: async () => { isOld = false; return true },
  });
  await press(queue);
  assert.deepEqual(sent, ["a-1", "a-1"]);
  assert.deepEqual(queue.kept(), []);
});

test("a room that does not let this screen in keeps no other room waiting", async () => {
  const kept = store(), post = async (url) => (url.startsWith("/bedside/1/") ? { outcome: "refused", isLetIn: false } : { outcome: "done" });
  const renew = async () => false;
  await press(new StopQueue({ href: "/bedside/1/", store: kept, post, renew }));
  const other = new StopQueue({ href: "/bedside/2/", store: kept, post, renew });
  await press(other, "stop", "b-1");
  assert.deepEqual(other.kept().map((each) => each.act_id), ["a-1"]);
});

test("what the room itself refuses is answered: it is kept no longer", async () => {
  const queue = new StopQueue({ href: "/bedside/1/", store: store(), post: async () => ({ outcome: "refused", html: "<dialog>" }) });
  await press(queue, "clamp-closed");
  assert.deepEqual(queue.kept(), []);
});

test("where nobody is signed in any more it goes by the key of its page, as the same act", async () => {
  const sent = [], post = async (url, body, id) => {
    sent.push([url, body.get("stop_key"), id]);
    return url.includes("acts-by-key") ? { outcome: "done" } : { outcome: "refused", isLetIn: false };
  };
  const queue = new StopQueue({ href: "/bedside/1/", key: "k", store: store(), post, renew: async () => false });
  await press(queue);
  assert.deepEqual(sent, [["/bedside/1/acts/stop", null, "a-1"], ["/bedside/1/acts-by-key/stop", "k", "a-1"]]);
  assert.deepEqual(queue.kept(), []);
});

test("what goes wrong on the way keeps no later try away", async () => {
  let isBroken = true;
  const post = async () => { if (isBroken) throw new Error("cut in the middle"); return { outcome: "done" } };
  const queue = new StopQueue({ href: "/bedside/1/", store: store(), post });
  await press(queue).catch(() => {});
  isBroken = false;
  await queue.send();
  assert.deepEqual(queue.kept(), []);
});

const refusing = { getItem() { throw new Error("refused") }, setItem() { throw new Error("refused") } };
const full = () => ({ ...store(), setItem() { throw new Error("full") } });

for (const [name, bad] of Object.entries({ "is full": full(), "is refused": refusing, "is not there": null })) {
  test(`where storage ${name} a stop is posted all the same, and again while the page lives`, async () => {
    const sent = [];
    let answers = false;
    const post = async (url, body, id) => { sent.push(id); return answers ? { outcome: "done" } : null };
    const queue = new StopQueue({ href: "/bedside/1/", store: bad, post });
    await press(queue);
    await press(queue, "clamp-closed", "a-2");
    assert.deepEqual(sent, ["a-1", "a-1"]);
    assert.deepEqual([queue.kept().length, queue.isOnDevice()], [2, false]);
    answers = true;
    await queue.send();
    assert.deepEqual(sent.slice(2), ["a-1", "a-2"]);
    assert.deepEqual([queue.kept(), queue.isOnDevice()], [[], true]);
  });
}

test("whether a press would be kept is known before there is one", () => {
  const kept = store();
  kept.removeItem = (name) => delete kept.kept[name];
  const can = (each) => new StopQueue({ href: "/bedside/1/", store: each }).canKeep();
  assert.deepEqual([can(kept), can(full()), can(refusing), can(null)], [true, false, false, false]);
  assert.deepEqual(kept.kept, {});
});

test("a page whose browser refuses so much as the name of its storage can be stopped", async () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
  Object.defineProperty(globalThis, "localStorage", { configurable: true, get() { throw new Error("SecurityError") } });
  const sent = [];
  try {
    await press(new StopQueue({ href: "/bedside/1/", post: async (url, body, id) => { sent.push(id); return { outcome: "done" } } }));
  } finally {
    if (before) Object.defineProperty(globalThis, "localStorage", before);
    else delete globalThis.localStorage;
  }
  assert.deepEqual(sent, ["a-1"]);
});

test("what was kept by memory alone goes onto the device, in its order, once there is room", async () => {
  const kept = store(), queue = new StopQueue({ href: "/bedside/1/", store: kept, post: async () => null });
  kept.setItem = full().setItem;
  await press(queue);
  assert.equal(queue.isOnDevice(), false);
  kept.setItem = store().setItem;
  await press(queue, "clamp-closed", "a-2");
  assert.equal(queue.isOnDevice(), true);
  assert.deepEqual(new StopQueue({ href: "/bedside/1/", store: kept }).kept().map((each) => each.act_id), ["a-1", "a-2"]);
});

test("what the device holds and cannot let go of is sent once, and the next after it", async () => {
  const kept = store(), sent = [];
  await press(new StopQueue({ href: "/bedside/1/", store: kept, post: async () => null }));
  kept.setItem = full().setItem;
  const queue = new StopQueue({ href: "/bedside/1/", store: kept, post: async (url, body, id) => { sent.push(id); return { outcome: "done" } } });
  await press(queue, "clamp-closed", "a-2");
  await queue.send();
  assert.deepEqual(sent, ["a-1", "a-2"]);
  assert.deepEqual(queue.kept(), []);
});

test("what the device holds unread is no press", async () => {
  const kept = store(), sent = [];
  for (const text of ["{", "null", "7"]) {
    kept.kept["stillroom.stops"] = text;
    await press(new StopQueue({ href: "/bedside/1/", store: kept, post: async (url, body, id) => { sent.push(id); return { outcome: "done" } } }));
  }
  assert.deepEqual(sent, ["a-1", "a-1", "a-1"]);
});

test("the page never claims that a stop is kept which this page alone holds", () => {
  const on = new Set(), root = { dataset: {}, toggleAttribute: (name, isOn) => (isOn ? on.add(name) : on.delete(name)) };
  globalThis.document = { querySelector: () => null };
  const said = (kept, isOnDevice, canKeep = true) => {
    sayLink({ root, clock: null, queue: { kept: () => kept, isOnDevice: () => isOnDevice, canKeep: () => canKeep } });
    return [...on];
  };
  assert.deepEqual(said([], true), []);
  assert.deepEqual(said([{}], true), ["data-waiting"]);
  assert.deepEqual(said([{}], false), ["data-unkept"]);
  assert.deepEqual(said([], true, false), ["data-keeps-nothing"]);
  assert.deepEqual(said([], true), []);
  sayLink({ root, clock: null }); // the board, where nothing is pressed
  assert.deepEqual([...on], []);
});
