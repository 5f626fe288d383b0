// Runs in the browser, as a customer's page would: with the customer's session token, never with a key.
import { BillingClient, BillingRefusedError, verifyWebhook } from "/dist/index.js";

const { token, delivery } = await (await fetch("/config.json")).json();
const billing = new BillingClient({ baseUrl: location.origin, serviceKey: token });

async function look() {
  const images = { size: "4K", variant_count: 3 };
  const types = [];
  for await (const { type } of billing.history("self", { pageSize: 1 })) {
    types.push(type);
  }

  const admission = await billing.admit("self", images);
  const refused = await billing.complete("gen_1").catch((error) => error);
  const event = await verifyWebhook(delivery.body, delivery.headers, delivery.secret, { now: new Date(delivery.now) });
  const forged = await verifyWebhook(`${delivery.body} `, delivery.headers, delivery.secret, { now: new Date(delivery.now) }).catch((error) => error.name);
  return {
    credits: (await billing.credits("self")).credits,
    cost: (await billing.quote("self", images)).cost,
    allowed: (await billing.check("self", images)).allowed,
    plans: (await billing.plans({ product: "bloom" })).length,
    types,
    admission: [admission.outcome, admission.problem?.code],
    refused: [refused instanceof BillingRefusedError, refused.code, typeof refused.requestId],
    event: event.type,
    forged,
    node: [typeof process, typeof Buffer],
  };
}

const told = await look().catch((error) => ({ error: `${error.stack}` }));
await fetch("/done", { method: "POST", body: JSON.stringify(told) });
