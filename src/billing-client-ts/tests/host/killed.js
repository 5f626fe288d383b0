// A service that is killed while it makes what was ordered: host.test.js starts it and ends it.
import { BillingClient } from "billing-client";

const { BILLING_ADDRESS: baseUrl, BILLING_SERVICE_KEY: serviceKey, WORKSPACE: workspaceId } = process.env;
await new BillingClient({ baseUrl, serviceKey }).run(
  { workspaceId },
  { size: "4K", variant_count: 3 },
  (generation) => {
    console.log(generation.id);
    return new Promise(() => setInterval(() => {}, 60_000));
  },
  { idempotencyKey: "order-1" },
);
