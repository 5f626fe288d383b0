// The seller's own door, against a running Host: customers by the seller's own ids, lists, the feed, imports, and the samples of the README.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { BillingClient, BillingOperator, verifyWebhook } from "billing-client";
import { connect as connectOperator, follow, paid } from "../../artifacts/samples/operator.js";
import { connect, order } from "../../artifacts/samples/order.js";
import { generate } from "../../artifacts/samples/run.js";
import { receive } from "../../artifacts/samples/webhook.js";

const { BILLING_ADDRESS: baseUrl, BILLING_SERVICE_KEY: serviceKey, BILLING_OPERATOR_KEY: operatorKey } = process.env;
const billing = new BillingClient({ baseUrl, serviceKey });
const operator = new BillingOperator({ baseUrl, operatorKey });
const images = { size: "4K" };
let numbers = 0;
const fresh = (what) => `${what}-${process.pid}-${Date.now()}-${++numbers}`;

async function all(items) {
  const found = [];
  for await (const item of items) {
    found.push(item);
  }

  return found;
}

async function eventually(look, seen) {
  for (const until = Date.now() + 60_000; ; await pause(50)) {
    const last = await look();
    if (seen(last)) {
      return last;
    }

    assert.ok(Date.now() < until, `It never came: ${JSON.stringify(last)}`);
  }
}

test("an account is opened at first sight, once however many come at once, whatever its id", async () => {
  const externalId = `${fresh("Zoë")}/ü+% @`;
  const who = { externalId, create: { product: "bloom", name: "Zoë", email: "zoe@example.com" } };
  const unknown = await billing.admit({ externalId }, images);
  assert.deepEqual([unknown.outcome, unknown.problem?.code], ["refused", "NOT_FOUND"]);
  const admissions = await Promise.all(Array.from({ length: 5 }, () => billing.admit(who, images)));
  assert.deepEqual([new Set(admissions.map((one) => one.generation?.workspace_id)).size, admissions.every((one) => one.outcome === "admitted")], [1, true]);
  assert.equal((await billing.credits({ externalId })).credits, 0);
  const accounts = await all(operator.accounts.list({ externalId }));
  assert.deepEqual(accounts.map((one) => [one.external_id, one.name, one.product]), [[externalId, "Zoë", "bloom"]]);
  assert.equal((await billing.credits({ externalId, product: "bloom", testMode: true })).test_mode, true);
});

test("a batch opens an account, too", async () => {
  const batch = await billing.admitBatch({ externalId: fresh("user"), create: { product: "bloom" } }, [images, images]);
  assert.equal(batch.credits, 6);
});

test("generations are listed for the customer and for the operator", async () => {
  const who = { externalId: fresh("user"), create: { product: "bloom" } };
  const made = [];
  for (let at = 0; at < 3; at++) {
    made.unshift((await billing.admit(who, images)).generation);
  }

  await billing.complete(made[0].id);
  const idsOf = (list) => all(list).then((found) => found.map((one) => one.id));
  assert.deepEqual(await idsOf(billing.list(who, { pageSize: 1 })), made.map((one) => one.id));
  assert.deepEqual(await idsOf(billing.list(who, { status: "completed" })), [made[0].id]);
  assert.deepEqual(await idsOf(operator.generations(made[0].workspace_id, { status: "running" })), [made[1].id, made[2].id]);
});

test("an account is listed, read, changed and closed", async () => {
  const external_id = fresh("user");
  const { account_id } = await operator.accounts.create({ product: "bloom", name: "Ada", email: "ada@example.com", external_id });
  const listed = await eventually(() => all(operator.accounts.list({ product: "bloom", pageSize: 200 })), (found) => found.some((one) => one.account_id === account_id));
  assert.equal(new Set(listed.map((one) => one.account_id)).size, listed.length);
  const renamed = await operator.accounts.patch(account_id, { name: "Ada L.", external_id: `${external_id}-2` });
  assert.deepEqual([renamed.name, renamed.external_id], ["Ada L.", `${external_id}-2`]);
  assert.equal((await operator.accounts.get(account_id)).name, "Ada L.");
  const closed = await operator.accounts.close(account_id);
  assert.ok(closed.closed_at);
  assert.equal((await operator.accounts.close(account_id)).closed_at, closed.closed_at);
});

test("the feed tells of every customer, each event once, and goes on where it ended", async () => {
  const externalId = fresh("user");
  const before = operator.events();
  await all(before);
  await billing.admit({ externalId, create: { product: "bloom" } }, images);
  const after = before.cursor;
  const seen = await eventually(() => all(operator.events({ after, pageSize: 2 })), (events) => events.some((one) => one.type === "account.created" && one.external_id === externalId));
  assert.equal(new Set(seen.map((one) => one.id)).size, seen.length);
  const stored = [];
  const cursor = await follow(operator, after, async (id) => void stored.push(id));
  assert.deepEqual(stored.slice(0, seen.length), seen.map((one) => one.id));
  const rest = await all(operator.events({ after: cursor }));
  assert.ok(rest.every((one) => !stored.includes(one.id)));
});

test("the seller's webhook hears of every customer", async (t) => {
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
  const endpoint = await operator.webhooks.create(`http://127.0.0.1:${server.address().port}/hook`, ["account.created"]);
  assert.ok((await operator.webhooks.list()).webhooks.some((one) => one.id === endpoint.id));
  const externalId = fresh("user");
  await billing.admit({ externalId, create: { product: "bloom" } }, images);
  await eventually(() => Promise.resolve(arrivals), (some) => some.some((one) => one.body.includes(externalId)));
  const { headers, body } = arrivals.find((one) => one.body.includes(externalId));
  const event = await verifyWebhook(body, headers, endpoint.secret);
  assert.deepEqual([event.type, event.data.external_id], ["account.created", externalId]);
  await operator.webhooks.delete(endpoint.id);
  assert.ok((await operator.webhooks.list()).webhooks.every((one) => one.id !== endpoint.id));
});

test("customers are brought over once, after a rehearsal", async () => {
  const rows = Array.from({ length: 3 }, () => ({ external_id: fresh("user"), name: "Ada", email: "ada@example.com", product: "bloom", grants: [{ credits: 2.5, paid: { amount_minor: 250, currency: "USD" } }] }));
  const rehearsed = await operator.import(rows, { dryRun: true });
  assert.deepEqual([rehearsed.dry_run, rehearsed.totals.created, rehearsed.totals.credits], [true, 3, 7.5]);
  await assert.rejects(billing.credits({ externalId: rows[0].external_id }), { code: "NOT_FOUND" });
  const imported = await operator.import(rows);
  assert.deepEqual([imported.totals.created, imported.results.map((one) => one.status), imported.audit.failed], [3, ["created", "created", "created"], []]);
  assert.deepEqual((await operator.import(rows)).totals.unchanged, 3);
  assert.equal((await billing.credits({ externalId: rows[0].external_id })).top_up_credits, 2.5);
});

test("the samples of the README do what they say", async () => {
  const [user, service] = [fresh("user"), connect(baseUrl, serviceKey)];
  assert.equal(await order(service, user, "order-1", async () => 3), "3 of 3 images are ready.");
  assert.match(await order(service, user, "order-2", async () => 3), /credits/);
  assert.deepEqual(await generate(service, user, "order-1", async () => ["a"]), { already: "completed" });
  const { workspace_id } = await billing.credits({ externalId: user });
  assert.equal(await paid(connectOperator(baseUrl, operatorKey), workspace_id, "pay_1", 20), 20);
  assert.deepEqual(await generate(service, user, "order-3", async () => ["a", "b"]), ["a", "b"]);
  assert.ok((await generate(service, fresh("user"), "order-4", async () => ["a", "b", "c"])).length === 3);
  const refused = await receive(new Request("http://localhost/hook", { method: "POST", body: "{}" }), ["whsec_" + btoa("x".repeat(24))], async () => {});
  assert.equal(refused.status, 400);
});
