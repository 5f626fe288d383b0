import { verifyWebhook, WebhookVerificationError } from "billing-client";

export async function receive(request: Request, secrets: string[], warn: (workspaceId: string, credits: number) => Promise<void>) {
  try {
    const event = await verifyWebhook(await request.text(), request.headers, secrets);
    if (event.type === "credits.low") {
      await warn(event.data.workspace_id, event.data.credits);
    }

    return new Response(null, { status: 204 });
  } catch (error) {
    if (error instanceof WebhookVerificationError) {
      return new Response(error.message, { status: 400 });
    }

    throw error;
  }
}
