import { type BillingClient, GenerationFailure } from "billing-client";

export async function generate(billing: BillingClient, userId: string, orderId: string, render: (signal: AbortSignal) => Promise<string[]>) {
  const result = await billing.run(
    { externalId: userId, create: { product: "bloom" } },
    { size: "4K", variant_count: 3 },
    async (_, signal) => {
      const images = await render(signal);
      if (images.length === 0) {
        throw new GenerationFailure("rendering_error", "Nothing came out.");
      }

      return { succeededUnits: images.length, images };
    },
    { idempotencyKey: orderId },
  );
  switch (result.outcome) {
    case "completed":
      return result.value.images;
    case "refused":
      return { refused: result.problem.detail, buyAt: result.problem.data?.action_url };
    case "settled_elsewhere":
      return { already: result.generation.status };
  }
}
