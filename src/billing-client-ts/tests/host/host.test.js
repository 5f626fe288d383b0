// Against a running Host: TypeScriptTests.cs starts it, and says where it is.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { BillingClient, BillingOperator, GenerationFailure, verifyWebhook, WebhookVerificationError } from "billing-client";

const { BILLING_ADDRESS: baseUrl, BILLING_SERVICE_KEY: serviceKey, BILLING_OPERATOR_KEY: operatorKey } = process.env;
const billing = new BillingClient({ baseUrl, serviceKey });
const operator = new BillingOperator({ baseUrl, operatorKey });
const images = (variants) => ({ size: "4K", variant_count: variants });
let numbers = 0;
const fresh = (what) => `${what}-${process.pid}-${++numbers}`;

async function account(plan) {
  const created = await operator.accounts.create({ product: "bloom", name: "Ada", email: "ada@example.com", external_id: fresh("user"), ...(plan === undefined ? {} : { plan }) });
  return { ...created, customer: { workspaceId: created.workspace_id } };
}

async function customer(plan) {
  return (await account(plan)).customer;
}

/** The customer's own API key, as it makes it on its dashboard. */
async function keyOf(accountId) {
  const { token } = await operator.accounts.session(accountId);
  const answer = await fetch(new URL("/api/v1/api-keys", baseUrl), {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "Key", environment: "production" }),
  });
  return (await answer.json()).key;
}

async function admit(who, request, options) {
  const admission = await billing.admit(who, request, options);
  assert.equal(admission.outcome, "admitted", JSON.stringify(admission));
  return admission.generation;
}

/** What a queue does comes a moment later. */
async function eventually(look, seen) {
  for (const until = Date.now() + 60_000; ; await pause(50)) {
    const last = await look();
    if (seen(last)) {
      return last;
    }

    assert.ok(Date.now() < until, `It never came: ${JSON.stringify(last)}`);
  }
}

async function all(items) {
  const found = [];
  for await (const item of items) {
    found.push(item);
  }

  return found;
}

test("a generation is admitted, kept alive and completed in part", async () => {
  const who = await customer("plus");
  const before = await billing.credits(who);
  const admitted = await admit(who, images(3));
  assert.deepEqual([admitted.status, admitted.cost, admitted.units, admitted.credits], ["running", 6, 3, before.credits - 6]);
  assert.ok((await billing.heartbeat(admitted.id)).expires_at >= admitted.expires_at);
  const settled = await billing.complete(admitted.id, { succeededUnits: 2 });
  assert.deepEqual([settled.status, settled.succeeded_units], ["completed", 2]);
  assert.equal((await billing.get(who, admitted.id)).status, "completed");
  await assert.rejects(billing.fail(admitted.id, "server_error"), { name: "BillingRefusedError", code: "ALREADY_SETTLED" });
});

test("one attempt is charged once, and its repeat says that it is one", async () => {
  const who = await customer("plus");
  const [first, again] = [await billing.admit(who, images(1), { idempotencyKey: "order-1" }), await billing.admit(who, images(1), { idempotencyKey: "order-1" })];
  assert.deepEqual([first.replayed, again.replayed, again.generation.id], [false, true, first.generation.id]);
  assert.ok(first.requestId && again.requestId && first.requestId !== again.requestId);
  const other = await billing.admit(who, images(2), { idempotencyKey: "order-1" });
  assert.deepEqual([other.outcome, other.problem?.code], ["refused", "IDEMPOTENCY_KEY_REUSED"]);
  assert.equal((await billing.credits(who)).credits, first.generation.credits);
});

test("a customer is named by its API key, or by its workspace, or is a test", async () => {
  const { account_id, customer: who } = await account();
  const byKey = { apiKey: await keyOf(account_id) };
  assert.equal((await admit(byKey, images(1))).workspace_id, who.workspaceId);
  assert.equal((await billing.credits(who)).credits, 8);
  const rehearsed = await admit({ ...who, testMode: true }, images(6));
  assert.deepEqual([rehearsed.test_mode, rehearsed.credits], [true, 8]);
  const nobody = await billing.admit({ workspaceId: "ws_0000000000000000" }, images(1));
  assert.deepEqual([nobody.outcome, nobody.problem?.code], ["refused", "NOT_FOUND"]);
  const wrong = await billing.admit({ apiKey: "no key" }, images(1));
  assert.deepEqual([wrong.outcome, wrong.problem?.code], ["refused", "UNAUTHORIZED"]);
});

test("what is wrong with a request is named", async () => {
  const refused = await billing.admit(await customer(), { sise: "4K" });
  assert.ok("sise" in refused.problem.errors);
});

test("a batch is charged at once, and settled each by itself", async () => {
  const who = await customer();
  const batch = await billing.admitBatch(who, [images(2), images(4)], { mode: "best_effort" });
  assert.deepEqual([batch.charged.credits, batch.credits], [4, 6]);
  assert.deepEqual(batch.results.map((item) => [item.status, item.code]), [["running", undefined], ["refused", "INSUFFICIENT_CREDITS"]]);
  await assert.rejects(billing.admitBatch(who, [images(4)]), { code: "INSUFFICIENT_CREDITS" });
  const id = batch.results[0].id;
  const { results } = await billing.settle([{ id, outcome: "completed", succeededUnits: 1 }, { id, outcome: "failed", reason: "server_error" }]);
  assert.deepEqual(results.map((item) => [item.status, item.generation?.succeeded_units, item.code]), [["settled", 1, undefined], ["refused", undefined, "ALREADY_SETTLED"]]);
});

test("a quote keeps its price, a check takes nothing", async () => {
  const who = await customer();
  const check = await billing.check(who, images(6));
  assert.deepEqual([check.allowed, check.code, check.cost, check.credits, check.shortfall, check.max_affordable.variant_count], [false, "INSUFFICIENT_CREDITS", 12, 10, 2, 5]);
  const quote = await billing.quote(who, images(5));
  assert.deepEqual([quote.cost, quote.affordable], [10, true]);
  assert.equal((await admit(who, { quote: quote.quote })).cost, 10);
});

test("history, balance and plans are read", async () => {
  const who = await customer("plus");
  for (let at = 0; at < 3; at++) {
    await admit(who, { ...images(1), description: `Order ${at}` });
  }

  const history = await all(billing.history(who, { pageSize: 2, type: "deduction" }));
  assert.deepEqual(history.map((entry) => [entry.amount, entry.description]), [[-2, "Order 2"], [-2, "Order 1"], [-2, "Order 0"]]);
  const pages = await all(billing.history(who, { pageSize: 2 }).pages());
  assert.equal(pages.flatMap((page) => page.transactions).length, pages[0].total);
  assert.equal((await billing.balance(who)).usage.total_spent, 6);
  assert.deepEqual((await billing.plans({ product: "bloom" })).map((catalog) => catalog.product), ["bloom"]);
  assert.ok((await billing.plans()).length >= 3);
});

test("a run completes in part, and a second one of its key makes nothing", async () => {
  const who = await customer();
  const options = { idempotencyKey: "order-1" };
  const first = await billing.run(who, images(3), () => ({ succeededUnits: 2 }), options);
  assert.deepEqual([first.outcome, first.generation.succeeded_units], ["completed", 2]);
  const second = await billing.run(who, images(3), () => assert.fail("It was begun."), options);
  assert.deepEqual([second.outcome, second.generation.status, second.generation.id], ["settled_elsewhere", "completed", first.generation.id]);
  await eventually(() => billing.credits(who), ({ credits }) => credits === 6);
});

test("a run of a test is settled, too, and found by its key", async () => {
  const who = { ...(await customer()), testMode: true };
  const options = { idempotencyKey: "order-1" };
  const first = await billing.run(who, images(3), () => "made", options);
  assert.deepEqual([first.outcome, first.generation.test_mode], ["completed", true]);
  const second = await billing.run(who, images(3), () => assert.fail("It was begun."), options);
  assert.deepEqual([second.outcome, second.generation.status], ["settled_elsewhere", "completed"]);
  assert.equal((await billing.credits(who)).credits, 10);
});

test("who is killed while it runs goes on with the same generation, charged once", async () => {
  const who = await customer();
  const service = spawn(process.execPath, [fileURLToPath(new URL("killed.js", import.meta.url))], { env: { ...process.env, WORKSPACE: who.workspaceId }, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(service.stdout, "data");
  service.kill("SIGKILL");
  await once(service, "close");
  const { running, credits } = await billing.credits(who);
  assert.deepEqual([running, credits], [1, 4]);

  const made = [];
  const result = await billing.run(who, images(3), (generation) => void made.push(generation.id), { idempotencyKey: "order-1" });
  assert.deepEqual([result.outcome, made], ["completed", [`${line}`.trim()]]);
  const after = await billing.credits(who);
  assert.deepEqual([after.running, after.credits], [0, 4]);
});

test("a run that throws is refunded, or not, as its reason says", async () => {
  const who = await customer();
  await assert.rejects(billing.run(who, images(3), () => Promise.reject(new RangeError("bug"))), RangeError);
  await eventually(() => billing.credits(who), ({ credits }) => credits === 10);
  await assert.rejects(billing.run(who, images(1), () => Promise.reject(new GenerationFailure("content_policy"))), GenerationFailure);
  const ended = await eventually(() => billing.credits(who), ({ running }) => running === 0);
  assert.equal(ended.credits, 8);
});

test("a run that cannot be paid is refused, and one that somebody else settles is told to stop", async () => {
  const who = await customer();
  const refused = await billing.run(who, images(6), () => assert.fail("It was begun."));
  assert.deepEqual([refused.outcome, refused.problem.code], ["refused", "INSUFFICIENT_CREDITS"]);

  // The clock of this client lets a heartbeat come as soon as the work waits for it.
  let beat;
  const clock = {
    now: Date.now,
    after(milliseconds, callback) {
      if (milliseconds > 60_000) {
        beat = callback;
        return () => {};
      }

      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  };
  const result = await new BillingClient({ baseUrl, serviceKey, clock }).run(who, images(1), async (generation, signal) => {
    await billing.fail(generation.id, "user_error");
    const told = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    beat();
    return told;
  });
  assert.deepEqual([result.outcome, result.generation.status], ["settled_elsewhere", "failed"]);
  assert.match(result.error.message, /settled elsewhere/);
});

test("whatever answer of a run is lost, it is charged once and settled", async () => {
  for (const lost of [/\/generations$/, /\/heartbeat$/, /\/complete$/, /\/generations\/gen_[^/]+$/, /./]) {
    const who = await customer();
    const forgotten = new Set();
    const fetch = async (address, init) => {
      const answer = await globalThis.fetch(address, init);
      if (lost.test(address) && !forgotten.has(`${init.method} ${address}`)) {
        forgotten.add(`${init.method} ${address}`);
        await answer.arrayBuffer();
        throw new TypeError("The answer was lost.");
      }

      return answer;
    };
    const leaky = new BillingClient({ baseUrl, serviceKey, fetch, retry: { firstBackoffMs: 1 } });
    const result = await leaky.run(who, images(2), () => "made", { idempotencyKey: "order-1" });
    assert.deepEqual([String(lost), result.outcome, result.value], [String(lost), "completed", "made"]);
    const { credits, running } = await billing.credits(who);
    assert.deepEqual([credits, running], [6, 0]);
  }
});

test("a complete that was stored while nobody answers is found by reading", async () => {
  const who = await customer();
  const fetch = async (address, init) => {
    const answer = await globalThis.fetch(address, init);
    return address.endsWith("/complete") ? Promise.reject(new TypeError("The answer was lost.")) : answer;
  };
  const deaf = new BillingClient({ baseUrl, serviceKey, fetch, retry: { maxAttempts: 2, firstBackoffMs: 1 } });
  const result = await deaf.run(who, images(1), () => "made");
  assert.deepEqual([result.outcome, result.generation.status], ["completed", "completed"]);
});

test("a refund is asked for, and an operator approves or denies it", async () => {
  const who = await customer();
  const [first, second] = [await admit(who, images(1)), await admit(who, images(2))];
  await billing.complete(first.id);
  await billing.complete(second.id);
  const asked = await billing.refunds.request(who, { generation_id: first.id, reason: "quality_issue", note: "Too dark." });
  assert.equal(asked.status, "pending_review");
  assert.deepEqual((await operator.refunds.list(who.workspaceId)).refunds.map((refund) => refund.id), [asked.id]);
  await operator.refunds.approve(asked.id);
  await eventually(() => billing.refunds.get(who, asked.id), ({ status }) => status === "succeeded");
  await assert.rejects(billing.refunds.request(who, { generation_id: second.id, reason: "not_as_expected" }), { code: "REFUND_NOT_ELIGIBLE" });
  const other = await billing.refunds.request(who, { generation_id: second.id, reason: "technical_problem" });
  assert.equal((await operator.refunds.deny(other.id)).status, "denied");
});

test("an operator sells, gives, takes back and corrects", async () => {
  const { customer: who } = await account();
  const id = who.workspaceId;
  const paid = { amount_minor: 1900, currency: "USD" };
  const bought = await operator.topUp(id, { credits: 50, reference: "pay_1", paid });
  assert.equal((await operator.topUp(id, { credits: 50, reference: "pay_1", paid })).id, bought.id);
  assert.equal((await operator.reverseTopUp(id, bought.id, { reason: "Dispute", reference: "dp_1" })).left, 0);
  assert.equal((await operator.reinstateTopUp(id, bought.id, { reference: "dp_1" })).left, 50);
  assert.equal((await operator.grant(id, { credits: 2.25, reason: "Goodwill" })).balance_after, 62.25);
  assert.equal((await operator.adjust(id, { credits: -0.001, reason: "Correction" })).balance_after, 62.249);
  assert.equal((await operator.subscribe(id, { plan: "plus" })).plan, "plus");
  assert.equal((await operator.reportPayment(id, { status: "failed", reference: "inv_1" })).plan_status !== undefined, true);
  assert.equal((await operator.cancelSubscription(id)).cancel_at_period_end, true);
  assert.equal((await operator.workspace(id)).account.workspace_id, id);
  assert.ok((await all(operator.ledger(id, { pageSize: 1 }))).length >= 6);
});

test("a webhook arrives, and is ours: under both secrets of a rotation", async (t) => {
  const arrivals = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      arrivals.push({ headers: request.headers, body: Buffer.concat(parts) });
      response.writeHead(204).end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());

  const who = await customer();
  const endpoint = await billing.webhooks.create(who, { url: `http://127.0.0.1:${server.address().port}/hook`, events: ["credits.topped_up"] });
  assert.deepEqual((await billing.webhooks.list(who)).webhooks.map((one) => one.id), [endpoint.id]);
  await operator.topUp(who.workspaceId, { credits: 20, reference: "pay_1" });
  const [first] = await eventually(() => Promise.resolve(arrivals), (all) => all.length === 1);
  const event = await verifyWebhook(first.body, first.headers, endpoint.secret);
  assert.deepEqual([event.type, event.data.workspace_id], ["credits.topped_up", who.workspaceId]);
  await assert.rejects(verifyWebhook(`${first.body} `, first.headers, endpoint.secret), WebhookVerificationError);

  const { secret } = await billing.webhooks.rotate(who, endpoint.id);
  await billing.webhooks.test(who, endpoint.id);
  const [, ping] = await eventually(() => Promise.resolve(arrivals), (all) => all.length === 2);
  for (const either of [endpoint.secret, secret, ["whsec_" + btoa("x".repeat(24)), secret]]) {
    assert.equal((await verifyWebhook(ping.body, ping.headers, either)).type, "ping");
  }

  const deliveries = await eventually(() => all(billing.webhooks.deliveries(who, endpoint.id, { pageSize: 1 })), (some) => some.length === 2);
  await billing.webhooks.replay(who, endpoint.id, deliveries.at(-1).id);
  await eventually(() => Promise.resolve(arrivals), (all) => all.length === 3);
  assert.equal((await billing.webhooks.recover(who, endpoint.id, { since: event.timestamp })).count, 0);
  await billing.webhooks.delete(who, endpoint.id);
  assert.deepEqual((await billing.webhooks.list(who)).webhooks, []);
});
