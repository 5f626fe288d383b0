import type { WebhookEvent } from "./answers.js";

/** As a server has them: `Headers`, or an object with the names in any case. */
export type WebhookHeaders = { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** The present; without it the machine's clock. */
  readonly now?: Date | undefined;
  /** How far the time of the attempt may be from it, either way; 300. */
  readonly toleranceSeconds?: number | undefined;
}

/** Nobody who knows the secret sent this just now: answer 400 and do nothing. */
export class WebhookVerificationError extends Error {
  override readonly name = "WebhookVerificationError";
}

const utf8 = new TextEncoder();
const noText = "The webhook's body is not UTF-8 JSON.";

/**
 * Verifies a delivery as Standard Webhooks has it, and reads it.
 * @param payload the body as it came, not what a framework made of it.
 * @param secrets every `whsec_…` that may be in use, such as the old and the new one of a rotation.
 * @throws WebhookVerificationError where it is not ours, or not fresh. TypeError where the call is wrong.
 */
export async function verifyWebhook(payload: string | Uint8Array, headers: WebhookHeaders, secrets: string | readonly string[], options: VerifyOptions = {}): Promise<WebhookEvent> {
  const body = bytesOf(payload);
  const keys = (typeof secrets === "string" ? [secrets] : secrets).map(keyOf);
  const [id, timestamp, signatures] = [header(headers, "webhook-id"), header(headers, "webhook-timestamp"), header(headers, "webhook-signature")];
  checkTime(timestamp, options);
  const signed = concat(utf8.encode(`${id}.${timestamp}.`), body);
  const expected = await Promise.all(keys.map((key) => signatureOf(key, signed)));
  if (!isAmong(signatures.split(" "), expected)) {
    throw new WebhookVerificationError("No signature of the webhook is of one of the secrets.");
  }

  return read(body);
}

function bytesOf(payload: string | Uint8Array): Uint8Array {
  if (typeof payload === "string") {
    return utf8.encode(payload);
  }

  // Not instanceof: the bytes may come from another realm, as in some test runners.
  if (!ArrayBuffer.isView(payload)) {
    throw new TypeError("The payload is the body as it came, text or bytes: what was parsed cannot be verified.");
  }

  return payload;
}

function keyOf(secret: string): Uint8Array {
  const encoded = /^whsec_([0-9A-Za-z+/]+={0,2})$/.exec(secret)?.[1];
  if (encoded === undefined || encoded.length % 4 !== 0) {
    throw new TypeError("A webhook's secret is whsec_ and Base64.");
  }

  return Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
}

function header(headers: WebhookHeaders, name: string): string {
  const value = typeof headers.get === "function" ? (headers.get(name) ?? undefined) : ofAnyCase(headers as Readonly<Record<string, string | readonly string[] | undefined>>, name);
  const one = typeof value === "string" ? value : value?.length === 1 ? value[0] : undefined;
  if (!one) {
    throw new WebhookVerificationError(`The webhook has no ${name}, or several.`);
  }

  return one;
}

function ofAnyCase(headers: Readonly<Record<string, string | readonly string[] | undefined>>, name: string): string | readonly string[] | undefined {
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

function checkTime(timestamp: string, options: VerifyOptions): void {
  const now = options.now?.getTime() ?? Date.now();
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : NaN;
  const isNear = Math.abs(Math.trunc(now / 1_000) - seconds) <= (options.toleranceSeconds ?? 300);
  if (!isNear) {
    throw new WebhookVerificationError("The webhook is too old, or of the future.");
  }
}

function concat(first: Uint8Array, second: Uint8Array) {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

async function signatureOf(secret: Uint8Array, signed: ReturnType<typeof concat>): Promise<string> {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const hash = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed));
  return `v1,${btoa(String.fromCharCode(...hash))}`;
}

/** Every signature is held against every secret, to its last character: the time tells nothing. */
function isAmong(signatures: readonly string[], expected: readonly string[]): boolean {
  return signatures.flatMap((signature) => expected.map((one) => isSame(signature, one))).includes(true);
}

function isSame(text: string, expected: string): boolean {
  let difference = text.length ^ expected.length;
  for (let at = 0; at < expected.length; at++) {
    difference |= text.charCodeAt(at) ^ expected.charCodeAt(at);
  }

  return difference === 0;
}

function read(body: Uint8Array): WebhookEvent {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as WebhookEvent;
  } catch (error) {
    throw new WebhookVerificationError(noText, { cause: error });
  }
}
