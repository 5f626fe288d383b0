import { BillingOperator } from "billing-client";

export const connect = (baseUrl: string, operatorKey: string) => new BillingOperator({ baseUrl, operatorKey });

/** Somebody paid: the same payment counts once. */
export async function paid(operator: BillingOperator, workspaceId: string, paymentId: string, credits: number) {
  return (await operator.topUp(workspaceId, { credits, reference: paymentId, paid: { amount_minor: 1900, currency: "USD" } })).left;
}

/** Copies what happened to all customers since the last time. */
export async function follow(operator: BillingOperator, after: string | undefined, store: (id: string, type: string) => Promise<void>) {
  const events = operator.events({ after });
  for await (const event of events) {
    await store(event.id, event.type);
  }

  return events.cursor;
}
