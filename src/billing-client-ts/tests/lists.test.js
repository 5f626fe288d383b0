import assert from "node:assert/strict";
import { test } from "node:test";
import { breaks, customer, says, Wire } from "./wire.js";

const page = (ids, next_cursor) => says(200, { transactions: ids.map((id) => ({ id })), total: 9, next_cursor });
const feed = (ids, next) => says(200, { events: ids.map((id) => ({ id })), next });

async function idsOf(items) {
  const ids = [];
  for await (const { id } of items) {
    ids.push(id);
  }

  return ids;
}

test("a list goes through all pages, asking for each when it is wanted", async () => {
  const wire = new Wire(page(["a", "b"], "b"), page([], "c"), page(["d"], null));
  const history = wire.client().history(customer, { type: "deduction", pageSize: 2 });
  assert.equal(wire.sent.length, 0);
  assert.deepEqual(await idsOf(history), ["a", "b", "d"]);
  assert.deepEqual(wire.lines, ["", "&cursor=b", "&cursor=c"].map((cursor) => `GET credits/history?type=deduction&limit=2${cursor}`));
});

test("who has seen enough asks for no more", async () => {
  const wire = new Wire(page(["a", "b"], "b"));
  for await (const { id } of wire.client().history(customer)) {
    assert.equal(id, "a");
    break;
  }

  assert.equal(wire.sent.length, 1);
});

test("a list begins where an earlier one ended", async () => {
  const wire = new Wire(page(["c"], "c&=/"), page(["d"], null));
  const pages = [];
  for await (const { next_cursor, requestId } of wire.client().history(customer, { cursor: "b" }).pages()) {
    pages.push([next_cursor, requestId]);
  }

  assert.deepEqual(pages, [["c&=/", "req-1"], [null, "req-1"]]);
  assert.deepEqual(wire.lines, ["GET credits/history?cursor=b", "GET credits/history?cursor=c%26%3D%2F"]);
});

test("a list may be gone through again", async () => {
  const wire = new Wire(page(["a"], null), page(["a", "b"], null));
  const history = wire.client().history(customer);
  assert.deepEqual([await idsOf(history), await idsOf(history)], [["a"], ["a", "b"]]);
});

test("a list that does not move on ends with an error", async () => {
  await assert.rejects(idsOf(new Wire(page(["a"], "a"), page(["a"], "a")).client().history(customer)), { name: "BillingError" });
});

test("a page that was lost is asked for again", async () => {
  const wire = new Wire(page(["a"], "a"), breaks, page(["b"], null));
  assert.deepEqual(await wire.clock.until(idsOf(wire.client().history(customer))), ["a", "b"]);
});

test("generations and accounts are found by what is asked for", async () => {
  const generations = says(200, { generations: [{ id: "gen_1" }], next_cursor: null });
  const client = new Wire(generations);
  assert.deepEqual(await idsOf(client.client().list(customer, { status: "running", from: "2025-11-03T10:30:00Z", keyId: "key_1" })), ["gen_1"]);
  assert.deepEqual(client.lines, ["GET generations?status=running&from=2025-11-03T10%3A30%3A00Z&key_id=key_1"]);
  const operator = new Wire(generations, says(200, { accounts: [{ id: "x" }], next_cursor: null }));
  await idsOf(operator.operator().generations("ws_1", { status: "failed" }));
  await idsOf(operator.operator().accounts.list({ product: "bloom", externalId: "a b" }));
  assert.deepEqual(operator.lines, ["GET admin/workspaces/ws_1/generations?status=failed", "GET admin/accounts?product=bloom&external_id=a%20b"]);
});

test("the feed ends where nothing is new, and goes on from its cursor", async () => {
  const wire = new Wire(feed(["1", "2"], "n2"), feed(["3"], "n3"), feed([], "n3"), feed(["4"], "n4"), feed([], "n4"));
  const events = wire.operator().events();
  assert.deepEqual(await idsOf(events), ["1", "2", "3"]);
  assert.equal(events.cursor, "n3");
  const later = wire.operator().events({ after: events.cursor, pageSize: 100 });
  assert.deepEqual(await idsOf(later), ["4"]);
  assert.deepEqual(wire.lines, ["", "?after=n2", "?after=n3", "?after=n3&limit=100", "?after=n4&limit=100"].map((query) => `GET admin/events${query}`));
});

test("who stops within a page sees it again: at least once", async () => {
  const wire = new Wire(feed(["1", "2"], "n2"), feed(["3", "4"], "n4"));
  const events = wire.operator().events();
  for await (const { id } of events) {
    if (id === "3") {
      break;
    }
  }

  assert.equal(events.cursor, "n2");
});

test("the feed asks again after a while, until somebody gives up", async () => {
  const wire = new Wire(feed(["1"], "n1"), feed([], "n1"), feed([], "n1"), feed(["2"], "n2"), feed([], "n2"));
  const giveUp = new AbortController();
  const seen = [];
  const reading = (async () => {
    for await (const { id } of wire.operator().events({ pollMs: 5_000, signal: giveUp.signal })) {
      seen.push(id);
    }
  })();
  await wire.clock.pass(12_000);
  giveUp.abort(new Error("No more."));
  await assert.rejects(reading, { message: "No more." });
  assert.deepEqual([seen, wire.unused, wire.clock.pending], [["1", "2"], 0, 0]);
});

test("a feed that does not move on ends with an error", async () => {
  await assert.rejects(idsOf(new Wire(feed(["1"], "n1"), feed(["1"], "n1")).operator().events()), { name: "BillingError" });
});
