/** A fresh Idempotency-Key. */
export function newKey(): string {
  // Not randomUUID: browsers have it on https only.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A path below `/api/v1/`, with ids put in. */
export function path(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  return parts.reduce((whole, part, at) => whole + encoded(ids[at - 1]) + part);
}

function encoded(id: string | undefined): string {
  // Empty, or one of the dots, it would name another endpoint.
  if (typeof id !== "string" || id === "" || id === "." || id === "..") {
    throw new TypeError("An id is missing.");
  }

  return encodeURIComponent(id);
}
