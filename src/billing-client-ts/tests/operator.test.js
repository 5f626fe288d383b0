import assert from "node:assert/strict";
import { test } from "node:test";
import { breaks, says, Wire } from "./wire.js";

const at = "admin/workspaces/ws_1";
const repeatable = [
  ["POST admin/accounts", { product: "bloom", name: "Ada", email: "ada@example.com" }, (operator, body) => operator.accounts.create(body)],
  [`PUT ${at}/subscription`, { plan: "plus" }, (operator, body) => operator.subscribe("ws_1", body)],
  [`DELETE ${at}/subscription`, undefined, (operator) => operator.cancelSubscription("ws_1")],
  [`POST ${at}/payments`, { status: "succeeded", reference: "pay_1" }, (operator, body) => operator.reportPayment("ws_1", body)],
  [`POST ${at}/top-ups`, { credits: 50, reference: "pay_1" }, (operator, body) => operator.topUp("ws_1", body)],
  [`POST ${at}/top-ups/top_1/reverse`, { reason: "dispute" }, (operator, body) => operator.reverseTopUp("ws_1", "top_1", body)],
  [`POST ${at}/top-ups/top_1/reinstate`, { reference: "dp_1" }, (operator, body) => operator.reinstateTopUp("ws_1", "top_1", body)],
  [`POST ${at}/grants`, { credits: 2.25, reason: "goodwill" }, (operator, body) => operator.grant("ws_1", body)],
  [`POST ${at}/adjustments`, { credits: -0.001, reason: "correction" }, (operator, body) => operator.adjust("ws_1", body)],
  ["POST admin/refunds/rfd_1/approve", undefined, (operator) => operator.refunds.approve("rfd_1")],
  ["POST admin/refunds/rfd_1/deny", undefined, (operator) => operator.refunds.deny("rfd_1")],
];
for (const [line, body, call] of repeatable) {
  test(`a change is sent, and once only however often: ${line}`, async () => {
    const wire = new Wire(breaks, says(200, {}));
    await wire.clock.until(call(wire.operator(), body));
    assert.deepEqual(wire.lines, [line, line]);
    assert.deepEqual(wire.sent[1].body === undefined ? undefined : JSON.parse(wire.sent[1].body), body);
    assert.equal(wire.sent[0].headers.get("Authorization"), "Bearer operator-key");
    assert.match(wire.sent[0].headers.get("Idempotency-Key"), /^[0-9a-f]{32}$/);
    assert.equal(wire.sent[1].headers.get("Idempotency-Key"), wire.sent[0].headers.get("Idempotency-Key"));
  });
}

const row = { external_id: "u", name: "Ada", product: "bloom", grants: [{ credits: 2.5, paid: { amount_minor: 250, currency: "USD" } }] };
const others = [
  ["GET admin/accounts/acct_1", undefined, (operator) => operator.accounts.get("acct_1")],
  ["PATCH admin/accounts/acct_1", { external_id: "u-2" }, (operator, body) => operator.accounts.patch("acct_1", body)],
  ["DELETE admin/accounts/acct_1", undefined, (operator) => operator.accounts.close("acct_1")],
  ["POST admin/sessions", { account_id: "acct_1" }, (operator) => operator.accounts.session("acct_1")],
  [`GET ${at}`, undefined, (operator) => operator.workspace("ws_1")],
  [`GET ${at}/refunds`, undefined, (operator) => operator.refunds.list("ws_1")],
  ["POST admin/imports", { dry_run: true, rows: [row] }, (operator) => operator.import([row], { dryRun: true })],
  ["POST admin/imports", { dry_run: false, rows: [row] }, (operator) => operator.import([row])],
  ["POST admin/webhooks", { url: "https://example.com", events: ["*"] }, (operator) => operator.webhooks.create("https://example.com")],
  ["GET admin/webhooks", undefined, (operator) => operator.webhooks.list()],
  ["DELETE admin/webhooks/we_1", undefined, (operator) => operator.webhooks.delete("we_1")],
];
for (const [line, body, call] of others) {
  test(`a call is sent: ${line} ${JSON.stringify(body ?? "")}`, async () => {
    const wire = new Wire(says(200, {}));
    await call(wire.operator(), body);
    assert.deepEqual(wire.lines, [line]);
    assert.deepEqual(wire.sent[0].body === undefined ? undefined : JSON.parse(wire.sent[0].body), body);
  });
}

test("a webhook of the seller's is not made twice", async () => {
  const wire = new Wire(breaks);
  await assert.rejects(wire.clock.until(wire.operator().webhooks.create("https://example.com")), { name: "BillingError" });
  assert.equal(wire.sent.length, 1);
});

test("a webhook of the seller's that a lost try has taken away is gone", async () => {
  const wire = new Wire(breaks, says(404, { code: "NOT_FOUND", detail: "There is no such webhook." }));
  const gone = await wire.clock.until(wire.operator().webhooks.delete("we_1"));
  assert.deepEqual([gone.id, gone.deleted, wire.sent.length], ["we_1", true, 2]);
});

test("a webhook of the seller's that was never there is not found", async () => {
  const wire = new Wire(says(404, { code: "NOT_FOUND", detail: "There is no such webhook." }));
  await assert.rejects(wire.operator().webhooks.delete("we_1"), { code: "NOT_FOUND" });
});
