import assert from "node:assert/strict";
import { test } from "node:test";
import { BillingError, GenerationFailure, UnsettledError } from "../dist/index.js";
import { allLost, breaks, completed, customer, cuts, failed, hangs, images, refuses, replays, running, says, Wire } from "./wire.js";

const admitted = says(201, running);
const alreadySettled = refuses(409, "ALREADY_SETTLED");
const expired = { ...running, status: "expired", reason: "expired" };
const minute = 60_000;

/** Runs to the end, however long that takes. */
function run(wire, work, options) {
  return wire.clock.until(wire.client().run(customer, images, work, options));
}

/** Work that takes a while by the wire's clock. */
function lasting(wire, milliseconds, value) {
  return (_, signal) =>
    new Promise((resolve, reject) => {
      const callOff = wire.clock.after(milliseconds, () => resolve(value));
      signal.addEventListener("abort", () => (callOff(), reject(signal.reason)));
    });
}

/** Every answer was asked for, no other was, and nothing goes on afterwards. */
function isOver(wire) {
  assert.deepEqual([wire.unused, wire.excess, wire.clock.pending], [0, 0, 0]);
}

test("what is made is completed, and handed on", async () => {
  const wire = new Wire(admitted, says(200, completed));
  const seen = [];
  const result = await run(wire, async (generation, signal) => {
    seen.push(generation.id, signal.aborted);
    return "three images";
  }, { idempotencyKey: "order-42" });
  assert.deepEqual([result.outcome, result.value, result.generation.status], ["completed", "three images", "completed"]);
  assert.deepEqual(seen, ["gen_1", false]);
  assert.deepEqual(wire.lines, ["POST generations", "POST generations/gen_1/complete"]);
  assert.equal(wire.sent[0].headers.get("Idempotency-Key"), "order-42");
  assert.equal(wire.sent[1].body, "{}");
  isOver(wire);
});

test("what was delivered in part is completed in part", async () => {
  const wire = new Wire(admitted, says(200, { ...completed, succeeded_units: 2 }));
  const result = await run(wire, () => ({ succeededUnits: 2, urls: ["a", "b"], fields: { of: "the caller's own" } }));
  assert.deepEqual([result.outcome, result.value.urls.length], ["completed", 2]);
  assert.deepEqual(JSON.parse(wire.sent[1].body), { succeeded_units: 2 });
});

test("what is refused is not begun", async () => {
  const wire = new Wire(refuses(402, "INSUFFICIENT_CREDITS", {}, { data: { shortfall: 2 } }));
  const result = await run(wire, () => assert.fail("It was begun."));
  assert.deepEqual([result.outcome, result.problem.code, result.problem.data.shortfall, result.requestId], ["refused", "INSUFFICIENT_CREDITS", 2, "req-1"]);
  isOver(wire);
});

for (const [error, reason] of [[new TypeError("bug"), "server_error"], [new GenerationFailure("content_policy", "no"), "content_policy"], ["text", "server_error"], [undefined, "server_error"]]) {
  test(`what throws ${error} failed as ${reason}, and throws it`, async () => {
    const wire = new Wire(admitted, says(200, { ...failed, reason }));
    const thrown = await run(wire, () => Promise.reject(error)).then(() => assert.fail("It did not throw."), (caught) => caught);
    assert.equal(thrown, error);
    assert.deepEqual(JSON.parse(wire.sent[1].body), { reason });
    isOver(wire);
  });
}

test("a generation is kept from expiring, three times in its life", async () => {
  const wire = new Wire(admitted, ...Array.from({ length: 5 }, () => says(200, running)), says(200, completed));
  const result = await run(wire, lasting(wire, 110 * minute, "slow"));
  assert.equal(result.value, "slow");
  assert.equal(wire.lines.filter((line) => line.endsWith("/heartbeat")).length, 5);
  assert.deepEqual(wire.clock.waits.filter((milliseconds) => milliseconds === 20 * minute).length, 5);
  isOver(wire);
});

test("its life is told by the backend's clock alone", async () => {
  for (const years of [-2, 2]) {
    const at = (time) => new Date(Date.parse(time) + years * 365 * 24 * 60 * minute).toISOString();
    const wire = new Wire(says(201, { ...running, created_at: at(running.created_at), expires_at: at(running.expires_at) }), says(200, running), says(200, completed));
    await run(wire, lasting(wire, 30 * minute));
    assert.deepEqual(wire.lines.slice(1), ["POST generations/gen_1/heartbeat", "POST generations/gen_1/complete"]);
  }
});

test("however long or short its life, heartbeats are neither all at once nor never", async () => {
  for (const [expires_at, first] of [["2025-11-03T10:30:01Z", 1_000], ["2035-11-03T10:30:00Z", 86_400_000], ["never", 1_000]]) {
    const wire = new Wire(says(201, { ...running, expires_at }), says(200, running), says(200, completed));
    await run(wire, lasting(wire, first + 1));
    assert.equal(wire.clock.waits[0], first);
  }
});

test("a heartbeat that is lost or refused is no end", async () => {
  for (const lost of [allLost(breaks), allLost(says(503)), [refuses(401, "UNAUTHORIZED")]]) {
    const wire = new Wire(admitted, ...lost, says(200, running), says(200, completed));
    const result = await run(wire, lasting(wire, 45 * minute, "made"));
    assert.deepEqual([result.outcome, result.value], ["completed", "made"]);
    isOver(wire);
  }
});

// Leases of others were lost to one renewal that hung for longer than they had to live.
test("a heartbeat that hangs is given up when the next one is due", async () => {
  const short = { ...running, expires_at: "2025-11-03T10:30:30Z" };
  const wire = new Wire(says(201, short), hangs, says(200, short), says(200, completed));
  const result = await run(wire, lasting(wire, 25_000, "made"));
  assert.equal(result.outcome, "completed");
  assert.deepEqual(wire.sent.map(({ at }) => at - Date.parse(short.created_at)), [0, 10_000, 20_000, 25_000]);
  isOver(wire);
});

test("a heartbeat that hangs when the work is done is given up", async () => {
  const wire = new Wire(admitted, hangs, says(200, completed));
  const result = await run(wire, lasting(wire, 20 * minute + 1_000, "made"));
  assert.equal(result.outcome, "completed");
  assert.ok(wire.sent[1].signal.aborted);
  isOver(wire);
});

for (const status of ["expired", "failed", "completed"]) {
  test(`work on what is ${status} by somebody else is told to stop`, async () => {
    const wire = new Wire(admitted, alreadySettled, alreadySettled, says(200, { ...running, status, reason: status === "failed" ? "user_error" : null, succeeded_units: 1 }));
    let reason;
    const result = await run(wire, async (generation, signal) => {
      signal.addEventListener("abort", () => (reason = signal.reason));
      return lasting(wire, 90 * minute)(generation, signal);
    });
    assert.deepEqual([result.outcome, result.generation.status, result.error], ["settled_elsewhere", status, reason]);
    assert.match(reason.message, /settled elsewhere/);
    assert.ok(!("value" in result));
    assert.equal(wire.lines.at(-1), "GET generations/gen_1");
    isOver(wire);
  });
}

test("who does not hear it gets what it made, and how the generation ended", async () => {
  const wire = new Wire(admitted, alreadySettled, alreadySettled, says(200, expired));
  const result = await run(wire, () => new Promise((resolve) => wire.clock.after(30 * minute, () => resolve("made"))));
  assert.deepEqual([result.outcome, result.value, result.generation.status], ["settled_elsewhere", "made", "expired"]);
});

test("how it ended is read by the workspace: the customer's key may be dead by now", async () => {
  const wire = new Wire(says(201, { ...running, test_mode: true }), alreadySettled, says(200, expired));
  await run(wire, () => "made");
  assert.deepEqual([wire.sent[2].headers.get("X-Workspace-Id"), wire.sent[2].headers.get("X-Test-Mode"), wire.sent[2].headers.get("X-Api-Key")], ["ws_1", "true", null]);
});

test("an admit whose answer was lost is the same admit, and still runs", async () => {
  for (const lost of [breaks, cuts, says(503)]) {
    const wire = new Wire(lost, replays(201, running), says(200, running), says(200, completed));
    const result = await run(wire, () => "made");
    assert.equal(result.outcome, "completed");
    assert.equal(wire.sent[0].headers.get("Idempotency-Key"), wire.sent[1].headers.get("Idempotency-Key"));
    assert.equal(wire.lines[2], "POST generations/gen_1/heartbeat");
    isOver(wire);
  }
});

test("an admit that is lost for good begins nothing", async () => {
  const wire = new Wire(...allLost(breaks));
  await assert.rejects(run(wire, () => assert.fail("It was begun.")), { name: "BillingError", status: undefined });
  isOver(wire);
});

test("after a crash the same key goes on with the same generation", async () => {
  const wire = new Wire(replays(201, running), says(200, running), says(200, completed));
  const result = await run(wire, (generation) => `made for ${generation.id}`, { idempotencyKey: "order-42" });
  assert.deepEqual([result.outcome, result.value], ["completed", "made for gen_1"]);
});

for (const before of [completed, expired, failed]) {
  test(`what is ${before.status} already is not made again`, async () => {
    const wire = new Wire(replays(201, running), alreadySettled, says(200, before));
    const result = await run(wire, () => assert.fail("It was begun."), { idempotencyKey: "order-42" });
    assert.deepEqual([result.outcome, result.generation.status], ["settled_elsewhere", before.status]);
    isOver(wire);
  });
}

test("nor is work begun when nobody can say how a repeat stands", async () => {
  const wire = new Wire(replays(201, running), ...allLost(breaks));
  await assert.rejects(run(wire, () => assert.fail("It was begun.")), { name: "BillingError" });
  isOver(wire);
});

for (const lost of [breaks, cuts, says(503)]) {
  test(`a complete whose answer was lost is sent again, then looked up: ${lost.name || "503"}`, async () => {
    const again = new Wire(admitted, lost, says(200, completed));
    assert.equal((await run(again, () => "made")).outcome, "completed");

    const found = new Wire(admitted, ...allLost(lost), says(200, completed));
    const result = await run(found, () => "made");
    assert.deepEqual([result.outcome, result.value, found.lines.at(-1)], ["completed", "made", "GET generations/gen_1"]);
    isOver(found);
  });
}

test("a complete that never arrived is sent anew", async () => {
  const wire = new Wire(admitted, ...allLost(breaks), says(200, running), says(200, completed));
  assert.equal((await run(wire, () => "made")).outcome, "completed");
  isOver(wire);
});

test("a fail whose answer was lost is looked up, too", async () => {
  const wire = new Wire(admitted, ...allLost(breaks), says(200, failed));
  await assert.rejects(run(wire, () => Promise.reject(new RangeError("bug"))), RangeError);
  isOver(wire);
});

test("a complete that lost to another settlement says how", async () => {
  const wire = new Wire(admitted, ...allLost(breaks), says(200, running), alreadySettled, says(200, expired));
  const result = await run(wire, () => "made");
  assert.deepEqual([result.outcome, result.value, result.generation.status], ["settled_elsewhere", "made", "expired"]);
  isOver(wire);
});

test("nor is a complete by another its own when it says something else", async () => {
  const other = { ...completed, succeeded_units: 1 };
  for (const answers of [[...allLost(breaks), says(200, other)], [alreadySettled, says(200, other)]]) {
    const wire = new Wire(admitted, ...answers);
    const result = await run(wire, () => "made");
    assert.deepEqual([result.outcome, result.value, result.generation.succeeded_units], ["settled_elsewhere", "made", 1]);
    isOver(wire);
  }
});

test("an outage of some minutes is waited for, and the pauses grow", async () => {
  const wire = new Wire(admitted);
  wire.otherwise = breaks;
  const call = wire.client({ maxAttempts: 1 }).run(customer, images, () => "made");
  await wire.clock.pass(4 * minute);
  wire.otherwise = says(200, completed);
  const result = await wire.clock.until(call);
  assert.deepEqual([result.outcome, result.value], ["completed", "made"]);
  const pauses = wire.clock.waits.filter((milliseconds) => milliseconds !== 200);
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000].slice(0, pauses.length));
  isOver(wire);
});

test("what cannot be settled at all says what is to be told later", async () => {
  for (const [status, otherwise] of [[undefined, breaks], [503, says(503)], [401, refuses(401, "UNAUTHORIZED")]]) {
    const wire = new Wire(admitted);
    wire.otherwise = otherwise;
    const began = wire.clock.now();
    const error = await run(wire, () => ({ succeededUnits: 2 })).catch((caught) => caught);
    assert.ok(error instanceof UnsettledError && error.cause instanceof BillingError, String(error));
    assert.deepEqual([error.status, error.settlement], [status, { id: "gen_1", outcome: "completed", succeededUnits: 2 }]);
    assert.deepEqual([error.value, error.workError, error.generation.id], [{ succeededUnits: 2 }, undefined, "gen_1"]);
    const took = wire.clock.now() - began;
    assert.ok(took > 14 * minute && took < 16 * minute, `${took}`);
    isOver(wire);
  }
});

test("how long it is tried is the caller's to say", async () => {
  const wire = new Wire(admitted);
  wire.otherwise = says(503);
  await assert.rejects(run(wire, () => "made", { settleWithinMs: 0 }), UnsettledError);
  assert.deepEqual(wire.lines.slice(1), [...Array(4).fill("POST generations/gen_1/complete"), ...Array(4).fill("GET generations/gen_1")]);
});

test("what is refused for good is not tried again", async () => {
  const wire = new Wire(admitted, refuses(404, "NOT_FOUND"));
  await assert.rejects(run(wire, () => "made"), (error) => error instanceof UnsettledError && error.status === 404 && error.requestId === "req-1");
  isOver(wire);
});

test("who gives up while it is settled waits no longer, but tries once more", async () => {
  for (const [last, outcome] of [[says(200, completed), "completed"], [breaks, undefined]]) {
    const wire = new Wire(admitted);
    wire.otherwise = breaks;
    const giveUp = new AbortController();
    const call = wire.client({ maxAttempts: 1 }).run(customer, images, () => "made", { signal: giveUp.signal });
    await wire.clock.pass(10_000);
    wire.otherwise = last;
    const before = wire.sent.length;
    giveUp.abort();
    const result = await call.catch((caught) => caught);
    assert.equal(result.outcome, outcome);
    assert.ok(outcome !== undefined || result instanceof UnsettledError);
    assert.equal(wire.sent[before].path, "generations/gen_1/complete");
    isOver(wire);
  }
});

test("nor is what the work threw forgotten when nobody could be told", async () => {
  const bug = new RangeError("bug");
  const wire = new Wire(admitted);
  wire.otherwise = breaks;
  const error = await run(wire, () => Promise.reject(bug)).catch((caught) => caught);
  assert.ok(error instanceof UnsettledError);
  assert.deepEqual([error.workError, error.settlement], [bug, { id: "gen_1", outcome: "failed", reason: "server_error" }]);
});

test("units that are no number are not taken for all", async () => {
  const wire = new Wire(admitted);
  const error = await run(wire, () => ({ succeededUnits: NaN })).catch((caught) => caught);
  assert.ok(error instanceof UnsettledError && error.cause instanceof TypeError);
  assert.equal(wire.sent.length, 1);
});

test("who gives up stops the work, which is given back all the same", async () => {
  const wire = new Wire(admitted, says(200, failed));
  const giveUp = new AbortController();
  const call = wire.client().run(customer, images, lasting(wire, 30 * minute), { signal: giveUp.signal });
  await wire.clock.pass(minute);
  giveUp.abort(new Error("No more."));
  await assert.rejects(wire.clock.until(call), { message: "No more." });
  assert.deepEqual(wire.lines, ["POST generations", "POST generations/gen_1/fail"]);
  isOver(wire);
});

test("who gives up after all was made has it settled", async () => {
  const wire = new Wire(admitted, says(200, completed));
  const giveUp = new AbortController();
  const result = await run(wire, () => (giveUp.abort(), "made"), { signal: giveUp.signal });
  assert.deepEqual([result.outcome, result.value], ["completed", "made"]);
});

test("who gives up while it is admitted begins nothing", async () => {
  const wire = new Wire(hangs);
  const giveUp = new AbortController();
  const call = wire.client().run(customer, images, () => assert.fail("It was begun."), { signal: giveUp.signal });
  await wire.clock.calm();
  giveUp.abort(new Error("No more."));
  await assert.rejects(call, { message: "No more." });
  isOver(wire);
});

test("who gives up as soon as it is admitted begins nothing, and what was charged is given back", async () => {
  const wire = new Wire(admitted, says(200, failed));
  const giveUp = new AbortController();
  const { after } = wire.clock;
  // The time-out of the admit is called off when its answer has come.
  wire.clock.after = (...timer) => {
    const callOff = after.apply(wire.clock, timer);
    return () => (giveUp.abort(new Error("No more.")), callOff());
  };
  await assert.rejects(run(wire, () => assert.fail("It was begun."), { signal: giveUp.signal }), { message: "No more." });
  assert.deepEqual(wire.lines, ["POST generations", "POST generations/gen_1/fail"]);
  isOver(wire);
});
