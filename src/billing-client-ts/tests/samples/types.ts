// What has to compile, and what must not: where it stops being forbidden, the remark is one too many, which does not compile either.
import { type BillingClient, type BillingOperator, BillingRefusedError, type ChargeOptions, type Customer, type RunResult, type WebhookEvent } from "billing-client";

/** A catalog of the seller's own, told by an interface. */
interface Sketch {
  strokes: number;
  style: "ink" | "chalk";
  colour?: string;
}

export async function ownCatalog(billing: BillingClient, sketch: Sketch, maybeKey: string | undefined): Promise<number> {
  const user: Customer = { externalId: "user-7" };
  const options: ChargeOptions = { idempotencyKey: maybeKey };
  await billing.admit(user, { strokes: 12, style: "ink" }, options);
  await billing.admit(user, sketch);
  await billing.admitBatch(user, [sketch, { ...sketch, quote: "token" }], { mode: "best_effort" });
  const quote = await billing.quote(user, sketch);
  const check = await billing.check(user, sketch);
  const requestId: string | undefined = quote.requestId;
  const replayed: boolean = check.replayed;
  return requestId === undefined && replayed ? quote.cost : check.shortfall;
}

export async function results(billing: BillingClient, user: Customer): Promise<string> {
  const admission = await billing.admit(user, { size: "2K" });
  // @ts-expect-error a refusal has no generation
  void admission.generation;
  if (admission.outcome === "refused") {
    return admission.problem.code === "CONCURRENCY_LIMIT" ? `${admission.problem.retryAfter}` : admission.problem.detail;
  }

  const left: number = admission.generation.credits;
  const result: RunResult<{ succeededUnits: number; url: string }> = await billing.run(user, { size: "2K" }, async () => ({ succeededUnits: 1, url: "u" }));
  // @ts-expect-error what was refused or settled elsewhere has made nothing
  void result.value.url;
  for await (const entry of billing.history(user, { type: "deduction" })) {
    const amount: number = entry.amount;
    void amount;
  }

  return result.outcome === "completed" ? result.value.url : `${left}`;
}

export async function undefinedOnPurpose(operator: BillingOperator, credits: number | undefined, paid: { amount_minor: number; currency: string } | undefined): Promise<void> {
  await operator.topUp("ws_1", { credits: 50, reference: "pay_1", paid });
  await operator.subscribe("ws_1", { plan: "scale", credits });
  await operator.accounts.create({ product: "sketch", name: "Ada", email: "ada@example.com" });
  await operator.import([{ external_id: "u", name: "Ada", product: "sketch" }]);
}

export function events(event: WebhookEvent): number | string {
  switch (event.type) {
    case "credits.low":
      return event.data.monthly_allowance;
    case "ping":
      return event.data.workspace_id;
    default:
      return event.sequence;
  }
}

export async function mistakes(billing: BillingClient, operator: BillingOperator, user: Customer, error: unknown): Promise<void> {
  // @ts-expect-error a customer is named in one way
  await billing.credits({});
  // @ts-expect-error an external id is a text
  await billing.credits({ externalId: undefined });
  // @ts-expect-error metadata are texts
  await billing.admit(user, { size: "2K", metadata: { order: 42 } });
  // @ts-expect-error there is no such reason
  await billing.fail("gen_1", "boredom");
  // @ts-expect-error a failure has a reason
  await billing.settle([{ id: "gen_1", outcome: "failed" }]);
  // @ts-expect-error there is no such status
  billing.list(user, { status: "done" });
  // @ts-expect-error a top-up has a reference
  await operator.topUp("ws_1", { credits: 50 });
  // @ts-expect-error there is no such code
  if (error instanceof BillingRefusedError && error.code === "OUT_OF_CREDITS") return;
}
