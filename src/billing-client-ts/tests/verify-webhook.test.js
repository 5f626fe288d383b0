import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { verifyWebhook, WebhookVerificationError } from "../dist/index.js";

// An implementation of its own: node's, not Web Crypto.
const secretOf = (byte) => `whsec_${Buffer.alloc(24, byte).toString("base64")}`;
const sign = (secret, id, timestamp, body) => `v1,${createHmac("sha256", Buffer.from(secret.slice(6), "base64")).update(`${id}.${timestamp}.`).update(body).digest("base64")}`;

const [secret, older] = [secretOf(1), secretOf(2)];
const event = { type: "credits.low", timestamp: "2025-11-03T10:30:00Z", sequence: 12, data: { credits: 2.25, monthly_allowance: 100, workspace_id: "ws_1" } };
const body = JSON.stringify(event);
const now = new Date("2025-11-03T10:30:10Z");
const seconds = now.getTime() / 1_000;

function headersOf(changes = {}, key = secret) {
  const [id, timestamp] = [changes["webhook-id"] ?? "evt_1", changes["webhook-timestamp"] ?? String(seconds)];
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": sign(key, id, timestamp, body), ...changes };
}

const verify = (headers, secrets = secret, payload = body, options = {}) => verifyWebhook(payload, headers, secrets, { now, ...options });
const isRefused = (call) => assert.rejects(call, WebhookVerificationError);

test("the example of Standard Webhooks passes", async () => {
  const headers = { "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330", "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" };
  const read = await verifyWebhook('{"test": 2432232314}', headers, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", { now: new Date(1_614_265_330_000) });
  assert.deepEqual(read, { test: 2432232314 });
});

test("a delivery is read as it was signed, text or bytes, whatever realm these are of", async () => {
  const bytes = new TextEncoder().encode(body);
  const within = new Uint8Array([0, ...bytes, 0]).subarray(1, -1);
  const foreign = runInNewContext("Uint8Array.from(bytes)", { bytes: [...bytes] });
  for (const payload of [body, bytes, within, Buffer.from(body), foreign]) {
    assert.deepEqual(await verify(headersOf(), secret, payload), event);
  }
});

test("headers come as a server has them", async () => {
  const headers = headersOf();
  const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replace(/(^|-)./g, (start) => start.toUpperCase()), value]));
  const listed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  for (const form of [headers, new Headers(headers), upper, listed]) {
    assert.deepEqual(await verify(form), event);
  }
});

test("one of several secrets and one of several signatures are enough", async () => {
  const both = `${sign(secretOf(3), "evt_1", seconds, body)} v2,rubbish ${headersOf()["webhook-signature"]}`;
  assert.deepEqual(await verify(headersOf({ "webhook-signature": both }), [older, secret]), event);
  assert.deepEqual(await verify(headersOf({}, older), [secret, older]), event);
  await isRefused(verify(headersOf({}, older), [secret]));
});

test("one changed byte and it is not ours", async () => {
  const good = headersOf();
  const signature = good["webhook-signature"];
  for (let at = 0; at < signature.length - 1; at++) {
    const other = signature[at] === "A" ? "B" : "A";
    await isRefused(verify({ ...good, "webhook-signature": signature.slice(0, at) + other + signature.slice(at + 1) }));
  }

  await isRefused(verify(good, secret, `${body} `));
  await isRefused(verify(good, secret, body.replace("2.25", "9.25")));
  await isRefused(verify({ ...good, "webhook-id": "evt_2" }));
  await isRefused(verify({ ...good, "webhook-timestamp": String(seconds + 1) }));
  // As long as a signature in characters, but not in bytes.
  await isRefused(verify({ ...good, "webhook-signature": `v1,${"é".repeat(44)}` }));
  for (const cut of [signature.slice(0, -1), signature.slice(3), `${signature}=`, `${signature.slice(0, -1)}A`, "v1,", "v1", " "]) {
    await isRefused(verify({ ...good, "webhook-signature": cut }));
  }
});

test("what is old, or of the future, is refused", async () => {
  for (const [off, fresh] of [[-300, true], [-301, false], [300, true], [301, false]]) {
    const call = verify(headersOf({ "webhook-timestamp": String(seconds + off) }));
    await (fresh ? assert.doesNotReject(call) : isRefused(call));
  }

  await assert.doesNotReject(verify(headersOf({ "webhook-timestamp": String(seconds - 900) }), secret, body, { toleranceSeconds: 900 }));
  for (const nonsense of ["", "soon", "1e9", "-1", "NaN", `${seconds}.5`, ` ${seconds}`, "9".repeat(400)]) {
    await isRefused(verify(headersOf({ "webhook-timestamp": nonsense })));
  }
});

test("the machine's clock tells the time where nobody else does", async () => {
  const timestamp = String(Math.trunc(Date.now() / 1_000));
  assert.deepEqual(await verifyWebhook(body, headersOf({ "webhook-timestamp": timestamp }), secret), event);
  await isRefused(verifyWebhook(body, headersOf(), secret));
});

test("a header that is not there, or there twice, is refused", async () => {
  for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"]) {
    const { [name]: gone, ...rest } = headersOf();
    await isRefused(verify(rest));
    await isRefused(verify({ ...rest, [name]: [gone, gone] }));
    await isRefused(verify(new Headers(rest)));
  }
});

// The most asked question of such libraries: a framework has parsed the body already.
test("what was parsed already is the caller's mistake, and so is what is no secret", async () => {
  await assert.rejects(verify(headersOf(), secret, event), { name: "TypeError", message: /body as it came/ });
  for (const wrong of ["", "secret", "whsec_", "whsec_***", secret.slice(6), undefined]) {
    await assert.rejects(verify(headersOf(), [wrong]), TypeError);
  }
});

test("no secret opens nothing", async () => {
  await isRefused(verify(headersOf(), []));
});

test("what is signed and no JSON, or no UTF-8, is refused", async () => {
  for (const payload of ["{", new Uint8Array([0x22, 0xff, 0x22])]) {
    await isRefused(verify({ ...headersOf(), "webhook-signature": sign(secret, "evt_1", seconds, payload) }, secret, payload));
  }
});
