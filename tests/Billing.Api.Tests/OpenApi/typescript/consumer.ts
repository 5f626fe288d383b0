// A generation service in TypeScript, on nothing but what openapi-typescript makes of openapi.json. It has to compile; GeneratedClientTests says with what.
import createClient from "openapi-fetch";
import type { components, paths } from "./api";

type Images = components["schemas"]["BloomGeneration"];
type Refusal = components["schemas"]["Problem"];

const billing = createClient<paths>({ baseUrl: "https://billing.example", headers: { Authorization: "Bearer service-key" } });

export async function serve(customerKey: string, orderId: string): Promise<string> {
  const images: Images = { size: "4K", variant_count: 3 };
  const { data: generation, error: refusal } = await billing.POST("/api/v1/generations", {
    params: { header: { "Idempotency-Key": orderId } },
    headers: { "X-Api-Key": customerKey },
    body: images,
  });
  if (generation === undefined) {
    return explain(refusal);
  }

  // Admitting says what is left; reading a generation need not.
  const left: number = generation.credits;
  const overage: string | undefined = generation.charged.overage?.currency;
  const expiresAt: string = generation.expires_at;

  const completed = await billing.POST("/api/v1/generations/{id}/complete", {
    params: { path: { id: generation.id } },
    body: { succeeded_units: generation.units },
  });
  if (completed.error?.code === "ALREADY_SETTLED") {
    return completed.error.detail;
  }

  const read = await billing.GET("/api/v1/credits", { params: { query: { workspaceId: generation.workspace_id } } });
  const status: "none" | "active" | "paused" | "canceled" | undefined = read.data?.plan_status;
  return [left, overage, expiresAt, status].join(" ");
}

// A service with a sign-in of its own names the workspace.
export async function rehearse(workspaceId: string): Promise<boolean> {
  const { data: generation } = await billing.POST("/api/v1/generations", {
    params: { header: { "X-Test-Mode": true } },
    headers: { "X-Workspace-Id": workspaceId },
    body: { size: "2K" },
  });
  return generation?.test_mode ?? false;
}

type Refused = Extract<Awaited<ReturnType<typeof admit>>["error"], object>;
const admit = () => billing.POST("/api/v1/generations", { body: { size: "2K" } });

// The code says which refusal it is, and with it what it has.
function explain(refusal: Refused): string {
  switch (refusal.code) {
    case "INSUFFICIENT_CREDITS":
    case "PAYMENT_REQUIRED": {
      const where: string = refusal.data.action_url;
      return `${refusal.detail} ${where} ${refusal.data.shortfall ?? 0}`;
    }
    case "TOO_MANY_REQUESTS":
    case "CONCURRENCY_LIMIT":
    case "MONTHLY_LIMIT": {
      const seconds: number = refusal.retryAfter;
      return `Again in ${seconds} s`;
    }
    case "INVALID_REQUEST": {
      const fields: string[] = Object.keys(refusal.errors);
      return fields.join(", ");
    }
    default:
      return refusal.detail;
  }
}

// What the document forbids does not compile; where it stops forbidding it, the remark is one too many, which does not compile either.
export function mistakes(refusal: Refused, general: Refusal): Images[] {
  // @ts-expect-error not every refusal says how long to wait
  refusal.retryAfter.toFixed();
  // @ts-expect-error there is no such code
  if (general.code === "OUT_OF_CREDITS") return [];
  // @ts-expect-error there is no such endpoint
  void billing.GET("/api/v1/credit");
  return [
    // @ts-expect-error there is no such size
    { size: "8K" },
    // @ts-expect-error there is no such field
    { size: "4K", variants: 3 },
  ];
}
