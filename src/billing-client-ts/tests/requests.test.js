import assert from "node:assert/strict";
import { test } from "node:test";
import { BillingClient } from "../dist/index.js";
import { customer, images, refuses, replays, running, says, Wire } from "./wire.js";

async function sentBy(call, answer = says(200, running)) {
  const wire = new Wire(answer);
  await call(wire.client());
  return wire.sent[0];
}

test("an admit says who asks, for whom, and what", async () => {
  const sent = await sentBy((client) => client.admit(customer, { ...images, quote: undefined, metadata: { order: "42" } }, { idempotencyKey: "order-42" }), says(201, running));
  assert.deepEqual([sent.method, sent.path], ["POST", "generations"]);
  assert.deepEqual(JSON.parse(sent.body), { ...images, metadata: { order: "42" } });
  assert.deepEqual(Object.fromEntries(sent.headers), { authorization: "Bearer service-key", "content-type": "application/json", "idempotency-key": "order-42", "x-api-key": "customer-key" });
});

const named = [
  [{ workspaceId: "ws_1" }, { "x-workspace-id": "ws_1" }],
  [{ workspaceId: "ws_1", testMode: true }, { "x-workspace-id": "ws_1", "x-test-mode": "true" }],
  [{ externalId: "user 7" }, { "x-external-id": "user%207" }],
  [{ externalId: "Zoë/ü+%25@x", product: "bloom", testMode: true }, { "x-external-id": "Zo%C3%AB%2F%C3%BC%2B%2525%40x", "x-product": "bloom", "x-test-mode": "true" }],
  [{ externalId: "u", testMode: false }, { "x-external-id": "u" }],
  ["self", {}],
];
for (const [who, headers] of named) {
  test(`the customer is named: ${JSON.stringify(who)}`, async () => {
    const sent = await sentBy((client) => client.credits(who));
    const { authorization, ...rest } = Object.fromEntries(sent.headers);
    assert.deepEqual(rest, headers);
    assert.equal(sent.body, undefined);
  });
}

// Without types an undefined id would go out as the word "undefined": one account for everybody.
for (const who of [{}, { externalId: undefined }, { externalId: "" }, { externalId: null }, { externalId: 7 }, { apiKey: "" }, { workspaceId: "ws_1", externalId: "u" }, { apiKey: "k", workspaceId: "ws_1" }]) {
  test(`who is named so is nobody: ${JSON.stringify(who)}`, async () => {
    const wire = new Wire();
    await assert.rejects(wire.client().admit(who, images), TypeError);
    assert.equal(wire.sent.length, 0);
  });
}

test("an external id that is no text cannot be sent", async () => {
  await assert.rejects(new Wire().client().admit({ externalId: "\ud800" }, images), URIError);
});

test("an API key that cannot be a header is the customer's mistake", async () => {
  const wire = new Wire();
  for (const apiKey of ["kéy", "a\nb", "a\r\nX-Admin: 1"]) {
    const refused = await wire.client().admit({ apiKey }, images);
    assert.deepEqual([refused.outcome, refused.problem.status, refused.problem.code], ["refused", 401, "UNAUTHORIZED"]);
  }

  assert.equal(wire.sent.length, 0);
});

test("another header that cannot be sent is the caller's", async () => {
  await assert.rejects(new Wire().client().admit(customer, images, { idempotencyKey: "ordér" }), TypeError);
  await assert.rejects(new Wire().client().credits({ workspaceId: "ws\n1" }), TypeError);
});

test("an account is opened at first sight, by admit and batch alone", async () => {
  const who = { externalId: "u", create: { product: "bloom", email: "u@example.com" } };
  const admit = await sentBy((client) => client.admit(who, images));
  assert.deepEqual(JSON.parse(admit.body), { ...images, create: who.create });
  const batch = await sentBy((client) => client.admitBatch(who, [images], { mode: "best_effort" }));
  assert.deepEqual(JSON.parse(batch.body), { items: [images], mode: "best_effort", create: who.create });
  for (const call of [(client) => client.quote(who, images), (client) => client.check(who, images)]) {
    assert.deepEqual(JSON.parse((await sentBy(call)).body), images);
  }
});

const calls = [
  ["GET generations/gen_1", undefined, (client) => client.get(customer, "gen_1")],
  ["POST generations/gen_1/complete", {}, (client) => client.complete("gen_1")],
  ["POST generations/gen_1/complete", { succeeded_units: 0 }, (client) => client.complete("gen_1", { succeededUnits: 0 })],
  ["POST generations/gen_1/complete", { width: 10, succeeded_units: 1 }, (client) => client.complete("gen_1", { succeededUnits: 1, fields: { width: 10 } })],
  ["POST generations/gen_1/fail", { reason: "user_error" }, (client) => client.fail("gen_1", "user_error")],
  ["POST generations/gen_1/heartbeat", {}, (client) => client.heartbeat("gen_1")],
  [
    "POST generations/settle",
    { items: [{ id: "gen_1", outcome: "completed", succeeded_units: 2 }, { id: "gen_2", outcome: "failed", reason: "server_error" }] },
    (client) => client.settle([{ id: "gen_1", outcome: "completed", succeededUnits: 2 }, { id: "gen_2", outcome: "failed", reason: "server_error" }]),
  ],
  ["POST generations/quote", images, (client) => client.quote(customer, images)],
  ["POST generations/check", images, (client) => client.check(customer, images)],
  ["GET credits", undefined, (client) => client.credits(customer)],
  ["GET credits?workspaceId=ws_2", undefined, (client) => client.credits(customer, { workspaceId: "ws_2" })],
  ["GET credits/balance", undefined, (client) => client.balance(customer)],
  ["GET plans?product=bloom", undefined, (client) => client.plans({ product: "bloom" })],
  ["POST refunds", { generation_id: "gen_1", reason: "quality_issue" }, (client) => client.refunds.request(customer, { generation_id: "gen_1", reason: "quality_issue" })],
  ["GET refunds/rfd_1", undefined, (client) => client.refunds.get(customer, "rfd_1")],
  ["GET webhooks?workspaceId=ws_2", undefined, (client) => client.webhooks.list(customer, { workspaceId: "ws_2" })],
  ["DELETE webhooks/we_1", undefined, (client) => client.webhooks.delete(customer, "we_1")],
  ["POST webhooks/we_1/test", undefined, (client) => client.webhooks.test(customer, "we_1")],
  ["POST webhooks/we_1/rotate", undefined, (client) => client.webhooks.rotate(customer, "we_1")],
  ["POST webhooks/we_1/deliveries/dlv_1/replay", undefined, (client) => client.webhooks.replay(customer, "we_1", "dlv_1")],
  ["POST webhooks/we_1/recover", { since: "2025-11-03T10:30:00Z" }, (client) => client.webhooks.recover(customer, "we_1", { since: "2025-11-03T10:30:00Z" })],
];
for (const [line, body, call] of calls) {
  test(`a call is sent: ${line}`, async () => {
    const sent = await sentBy(call);
    assert.equal(`${sent.method} ${sent.path}`, line);
    assert.deepEqual(sent.body === undefined ? undefined : JSON.parse(sent.body), body);
  });
}

test("how much was delivered is a whole number, or nothing is told", async () => {
  const wire = new Wire();
  for (const succeededUnits of [NaN, -1, 1.5, "2", null]) {
    await assert.rejects(wire.client().complete("gen_1", { succeededUnits }), TypeError);
  }

  assert.equal(wire.sent.length, 0);
});

test("an id stays within its place in the path", async () => {
  assert.equal((await sentBy((client) => client.heartbeat("../admin?x=1#"))).path, "generations/..%2Fadmin%3Fx%3D1%23/heartbeat");
  for (const id of ["", ".", "..", undefined]) {
    await assert.rejects(new Wire().client().heartbeat(id), TypeError);
  }
});

test("answers and errors name the request, and say when they are stored ones", async () => {
  const first = await new Wire(says(201, running)).client().admit(customer, images);
  assert.deepEqual([first.requestId, first.replayed, first.generation.requestId], ["req-1", false, "req-1"]);
  const again = await new Wire(replays(201, running)).client().admit(customer, images);
  assert.deepEqual([again.requestId, again.replayed], ["req-1", true]);
  assert.deepEqual([(await new Wire(replays(200, running)).client().complete("gen_1")).replayed], [true]);
  await assert.rejects(new Wire(refuses(409, "ALREADY_SETTLED")).client().complete("gen_1"), { name: "BillingRefusedError", code: "ALREADY_SETTLED", status: 409, requestId: "req-1", replayed: false });
});

// Whoever is redirected to would get X-Api-Key, which fetch does not take off.
test("no redirect is followed", async () => {
  const wire = new Wire(() => new Response(null, { status: 307, headers: { Location: "https://elsewhere.example" } }));
  await assert.rejects(wire.client().admit(customer, images), { name: "BillingError", status: 307 });
  assert.equal(wire.sent[0].redirect, "manual");
});

// "Illegal invocation": a browser's fetch wants to be called on its window, or on nothing.
test("fetch is called on nothing but its own global", async () => {
  const own = globalThis.fetch;
  const calledOn = [];
  function fake() {
    calledOn.push(this);
    return Promise.resolve(new Response("{}"));
  }
  try {
    globalThis.fetch = fake;
    await new BillingClient({ baseUrl: "http://billing.example", serviceKey: "k" }).credits("self");
    await new BillingClient({ baseUrl: "http://billing.example", serviceKey: "k", fetch: fake }).credits("self");
  } finally {
    globalThis.fetch = own;
  }

  assert.deepEqual(calledOn, [globalThis, undefined]);
});

test("the address may end as it likes", async () => {
  const sent = [];
  const fetch = (address) => (sent.push(address), Promise.resolve(new Response("{}")));
  for (const baseUrl of ["http://b.example", "http://b.example/", "http://b.example/billing//", new URL("http://b.example/billing")]) {
    await new BillingClient({ baseUrl, serviceKey: "k", fetch }).credits("self");
  }

  assert.deepEqual(sent, ["http://b.example", "http://b.example", "http://b.example/billing", "http://b.example/billing"].map((base) => `${base}/api/v1/credits`));
  assert.throws(() => new BillingClient({ baseUrl: "billing", serviceKey: "k" }), TypeError);
});
