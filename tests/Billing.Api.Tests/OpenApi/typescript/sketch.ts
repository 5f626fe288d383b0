// The plainest calls to a deployment that sells `sketch`, the catalog of docs/writing-a-catalog.md, on what openapi-typescript makes of its document.
import createClient from "openapi-fetch";
import type { components, paths } from "./api";

type Drawing = components["schemas"]["SketchGeneration"];

const billing = createClient<paths>({ baseUrl: "https://billing.example", headers: { Authorization: "Bearer service-key" } });

export async function draw(externalId: string): Promise<number> {
  const headers = { "X-External-Id": externalId };
  const { data: plain } = await billing.POST("/api/v1/generations", { headers, body: {} });
  const { data: three } = await billing.POST("/api/v1/generations", { headers, body: { sheets: 3, create: { product: "sketch" } } });
  const { data: quote } = await billing.POST("/api/v1/generations/quote", { headers, body: { sheets: 3 } });
  await billing.POST("/api/v1/generations/batch", { headers, body: { items: [{}, { sheets: 2 }] } });
  await billing.POST("/api/v1/admin/accounts", { body: { product: "sketch", name: "Ada", email: "ada@example.com" } });
  return (plain?.cost ?? 0) + (three?.cost ?? 0) + (quote?.cost ?? 0);
}

// What the catalog forbids does not compile.
export function mistakes(): Drawing[] {
  // @ts-expect-error there is no such product
  void billing.POST("/api/v1/generations", { body: { create: { product: "bloom" } } });
  return [
    // @ts-expect-error there is no such field
    { sheet: 1 },
    // @ts-expect-error only an admit opens an account
    { sheets: 3, create: { product: "sketch" } },
    // @ts-expect-error it is a number
    { sheets: "1" },
  ];
}
