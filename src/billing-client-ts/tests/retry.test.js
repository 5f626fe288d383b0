import assert from "node:assert/strict";
import { test } from "node:test";
import { BillingError, BillingRefusedError } from "../dist/index.js";
import { allLost, breaks, customer, cuts, hangs, hangsDeaf, hangsWithin, images, refuses, running, says, Wire } from "./wire.js";

test("what is lost is sent again with the same key and body", async () => {
  for (const lost of [breaks, cuts, says(503), says(500)]) {
    const wire = new Wire(lost, lost, says(201, running));
    const admission = await wire.clock.until(wire.client().admit(customer, images));
    assert.equal(admission.outcome, "admitted");
    assert.equal(wire.sent.length, 3);
    assert.equal(new Set(wire.sent.map((sent) => sent.body)).size, 1);
    assert.equal(new Set(wire.sent.map((sent) => sent.headers.get("Idempotency-Key"))).size, 1);
  }
});

test("two admits without a key are two admits", async () => {
  const wire = new Wire(says(201, running), says(201, running));
  const client = wire.client();
  await client.admit(customer, images);
  await client.admit(customer, images);
  const [first, second] = wire.sent.map((sent) => sent.headers.get("Idempotency-Key"));
  assert.match(first, /^[0-9a-f]{32}$/);
  assert.notEqual(first, second);
});

for (const status of [429, 500, 502, 503, 504]) {
  test(`${status} can be cured by waiting and is tried again`, async () => {
    const wire = new Wire(says(status), says(200, running));
    await wire.clock.until(wire.client().complete("gen_1"));
    assert.equal(wire.sent.length, 2);
  });
}

for (const status of [400, 401, 402, 403, 404, 409, 413, 422]) {
  test(`${status} is a refusal and is not tried again`, async () => {
    const wire = new Wire(refuses(status, "CODE"));
    const refused = await wire.client().admit(customer, images);
    assert.deepEqual([refused.outcome, refused.problem.status, refused.problem.code, refused.requestId], ["refused", status, "CODE", "req-1"]);
    assert.equal(wire.sent.length, 1);
  });
}

test("the tries end, and each wait is longer than the one before", async () => {
  const wire = new Wire(...allLost(says(503)));
  await assert.rejects(wire.clock.until(wire.client().admit(customer, images)), { name: "BillingError", status: 503, requestId: "req-1" });
  assert.equal(wire.sent.length, 4);
  [200, 400, 800].forEach((most, at) => assert.ok(wire.clock.waits[at] >= most / 2 && wire.clock.waits[at] <= most, `${wire.clock.waits}`));
});

test("when nobody answers, the error says why", async () => {
  const wire = new Wire(breaks, breaks);
  const error = await wire.clock.until(wire.client({ maxAttempts: 2 }).complete("gen_1")).catch((caught) => caught);
  assert.ok(error instanceof BillingError && !(error instanceof BillingRefusedError));
  assert.deepEqual([error.status, error.requestId, error.cause.message], [undefined, undefined, "fetch failed"]);
});

test("the backend says in seconds how long to wait", async () => {
  const wire = new Wire(says(503, {}, { "Retry-After": "3" }), says(200, running));
  await wire.clock.until(wire.client().complete("gen_1"));
  assert.deepEqual(wire.clock.waits, [3_000]);
});

test("or it says until when", async () => {
  for (const [seconds, waited] of [[4, 4_000], [-60, 0]]) {
    const wire = new Wire();
    const until = new Date(wire.clock.now() + seconds * 1_000).toUTCString();
    const told = new Wire(says(429, {}, { "Retry-After": until }), says(200, running));
    await told.clock.until(told.client().complete("gen_1"));
    assert.deepEqual(told.clock.waits, [waited]);
  }
});

test("what is no time is passed over", async () => {
  for (const nonsense of ["soon", "-60", "1.5", ""]) {
    const wire = new Wire(says(429, {}, { "Retry-After": nonsense }), says(200, running));
    await wire.clock.until(wire.client().complete("gen_1"));
    assert.ok(wire.clock.waits[0] >= 100 && wire.clock.waits[0] <= 200, `${nonsense}: ${wire.clock.waits}`);
  }
});

test("nobody waits for a rate limit that lasts too long: it is a refusal", async () => {
  const wire = new Wire(refuses(429, "TOO_MANY_REQUESTS", { "Retry-After": "2400" }, { retryAfter: 2400 }));
  const refused = await wire.client().admit(customer, images);
  assert.deepEqual([refused.outcome, refused.problem.code, refused.problem.retryAfter], ["refused", "TOO_MANY_REQUESTS", 2400]);
  assert.deepEqual(wire.clock.waits, []);
});

test("nor for a backend that is away for too long", async () => {
  const wire = new Wire(says(503, {}, { "Retry-After": "2400" }));
  await assert.rejects(wire.client().complete("gen_1"), { name: "BillingError", status: 503 });
  assert.deepEqual(wire.clock.waits, []);
});

// openai-node had a time-out that ended with the headers: a body that stalled hung for ever.
for (const [what, lost] of [["no answer", hangs], ["no answer and a deaf fetch", hangsDeaf], ["no end of the body", hangsWithin]]) {
  test(`a try that takes too long is lost: ${what}`, async () => {
    const wire = new Wire(lost, says(200, running));
    await wire.clock.until(wire.client({ timeoutMs: 7_000 }).complete("gen_1"));
    assert.equal(wire.sent.length, 2);
    assert.equal(wire.clock.waits[0], 7_000);
    assert.equal(wire.sent[0].signal.reason.name, "TimeoutError");
  });
}

test("who gives up while it is sent gets no further try", async () => {
  const wire = new Wire(hangs);
  const giveUp = new AbortController();
  const call = wire.client().admit(customer, images, { signal: giveUp.signal });
  await wire.clock.calm();
  giveUp.abort(new Error("No more."));
  await assert.rejects(call, { message: "No more." });
  assert.deepEqual([wire.sent.length, wire.clock.pending], [1, 0]);
});

test("who gives up during the last try hears its own reason", async () => {
  const wire = new Wire(hangs);
  const giveUp = new AbortController();
  const call = wire.client({ maxAttempts: 1 }).admit(customer, images, { signal: giveUp.signal });
  await wire.clock.calm();
  giveUp.abort(new Error("No more."));
  await assert.rejects(call, { message: "No more." });
});

test("who gives up between two tries gets no further try", async () => {
  const wire = new Wire(says(503));
  const giveUp = new AbortController();
  const call = wire.client().admit(customer, images, { signal: giveUp.signal });
  await wire.clock.calm();
  giveUp.abort(new Error("No more."));
  await assert.rejects(call, { message: "No more." });
  assert.deepEqual([wire.sent.length, wire.clock.pending], [1, 0]);
});

test("who has given up before sends nothing", async () => {
  const wire = new Wire();
  await assert.rejects(wire.client().admit(customer, images, { signal: AbortSignal.abort(new Error("No more.")) }), { message: "No more." });
  assert.equal(wire.sent.length, 0);
});

// undici hangs a listener on a signal with each request; on one that lives as long as the process they pile up.
test("a signal that lives long gathers no listeners", async () => {
  const wire = new Wire(...Array.from({ length: 50 }, () => says(200, running)));
  const client = wire.client();
  const long = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = long.signal;
  long.signal.addEventListener = (...given) => (listeners++, addEventListener.apply(long.signal, given));
  long.signal.removeEventListener = (...given) => (listeners--, removeEventListener.apply(long.signal, given));
  for (let at = 0; at < 50; at++) {
    await client.complete("gen_1", {}, { signal: long.signal });
  }

  assert.equal(listeners, 0);
  assert.equal(wire.clock.pending, 0);
  assert.ok(wire.sent.every((sent) => sent.signal !== long.signal));
});

test("what shows a secret is not made twice", async () => {
  const endpoint = { url: "https://example.com/hook", events: ["credits.low"] };
  for (const lost of [breaks, cuts, says(503)]) {
    const wire = new Wire(lost);
    await assert.rejects(wire.clock.until(wire.client().webhooks.create(customer, endpoint)), { name: "BillingError" });
    assert.equal(wire.sent.length, 1);
    assert.equal(wire.sent[0].headers.get("Idempotency-Key"), null);
  }

  const limited = new Wire(says(429), says(201, { id: "we_1", secret: "whsec_" }));
  assert.equal((await limited.clock.until(limited.client().webhooks.create(customer, endpoint))).id, "we_1");
});

test("an answer may have nothing to say", async () => {
  const wire = new Wire(() => new Response(null, { status: 204, headers: { "X-Request-Id": "req-1" } }));
  assert.equal((await wire.operator().webhooks.delete("we_1")).requestId, "req-1");
});

test("an answer that is not the backend's is an error with its status", async () => {
  for (const [status, text] of [[200, "<html>"], [200, ""], [200, "null"], [404, "<html>"], [404, "{}"], [404, '{"code": 7}']]) {
    const wire = new Wire(() => new Response(text, { status }));
    await assert.rejects(wire.client().complete("gen_1"), { name: "BillingError", status });
  }
});
