import { BillingClient } from "billing-client";

export const connect = (baseUrl: string, serviceKey: string) => new BillingClient({ baseUrl, serviceKey });

export async function order(billing: BillingClient, userId: string, orderId: string, makeImages: () => Promise<number>) {
  const admission = await billing.admit({ externalId: userId, create: { product: "bloom" } }, { size: "4K", variant_count: 3 }, { idempotencyKey: orderId });
  if (admission.outcome === "refused") {
    return admission.problem.detail;
  }

  const made = await makeImages();
  await billing.complete(admission.generation.id, { succeededUnits: made });
  return `${made} of 3 images are ready.`;
}
