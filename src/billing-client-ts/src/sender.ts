import type { Problem } from "./answers.js";
import { type Clock, wait, within } from "./clock.js";
import { type Customer, headersOf } from "./customer.js";
import { type AnswerInfo, BillingError, BillingRefusedError } from "./errors.js";
import { type RawAnswer, type RetryPolicy, type Try } from "./retry.js";

/** A request, as it is sent as often as it takes. */
export interface Outgoing {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api/v1/`. */
  readonly path: string;
  readonly query?: Query | undefined;
  readonly customer?: Customer | undefined;
  readonly body?: object | undefined;
  readonly idempotencyKey?: string | undefined;
  /** True where a repeat would have another effect: what is lost is not sent again. */
  readonly once?: boolean;
  /** Of what takes something away: the answer when a repeat finds it gone, which the try before it has done. */
  readonly whenGone?: object | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** A body, and what the answer says beside it. */
export type Answer<T> = T & AnswerInfo;

/** What was asked for, or why it is refused. */
export type Reply<T> = { readonly value: Answer<T>; readonly problem?: undefined } | ({ readonly value?: undefined; readonly problem: Problem } & AnswerInfo);

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** Sends a request until it is answered for good: what is lost, or answered with "later", is sent again, a bounded number of times. */
export class Sender {
  readonly #address: string;
  readonly #credential: string;
  readonly #fetch: Fetch;
  readonly #retry: RetryPolicy;
  readonly #clock: Clock;

  constructor(baseUrl: string | URL, credential: string, fetch: Fetch | undefined, retry: RetryPolicy, clock: Clock) {
    this.#address = `${new URL(baseUrl).href.replace(/\/+$/, "")}/api/v1/`;
    this.#credential = `Bearer ${credential}`;
    // A browser's own fetch must be called on its window.
    this.#fetch = fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#retry = retry;
    this.#clock = clock;
  }

  async send<T extends object>(outgoing: Outgoing): Promise<Reply<T>> {
    const customer = headersOf(outgoing.customer ?? "self");
    if (!canBeHeader(customer["X-Api-Key"] ?? "")) {
      // The customer's mistake, not the caller's; the backend would say the same if it could be sent.
      return { problem: noSuchKey(this.#clock), requestId: undefined, replayed: false };
    }

    const { answer, attempt } = await this.#answer(outgoing, this.#initOf(outgoing, customer));
    const info = infoOf(answer);
    if (answer.status === 404 && attempt > 1 && outgoing.whenGone !== undefined) {
      return { value: Object.assign({ ...outgoing.whenGone } as T, info) };
    }

    if (answer.status >= 200 && answer.status < 300) {
      return { value: Object.assign(bodyOf(answer, info) as T, info) };
    }

    if (answer.status >= 400 && answer.status < 500) {
      return { problem: problemOf(answer, info), ...info };
    }

    throw new BillingError(`The billing backend answered ${answer.status}.`, { status: answer.status, info });
  }

  /** What was asked for. A refusal is thrown. */
  async obtain<T extends object>(outgoing: Outgoing): Promise<Answer<T>> {
    const reply = await this.send<T>(outgoing);
    if (reply.problem !== undefined) {
      throw new BillingRefusedError(reply.problem, reply);
    }

    return reply.value;
  }

  async #answer(outgoing: Outgoing, init: RequestInit): Promise<{ answer: RawAnswer; attempt: number }> {
    const address = this.#address + outgoing.path + textOf(outgoing.query);
    for (let attempt = 1; ; attempt++) {
      const tried = await this.#try(address, init, outgoing.signal);
      const milliseconds = this.#retry.waitAfter(tried, attempt, outgoing.once ?? false);
      if (milliseconds !== undefined) {
        await wait(this.#clock, milliseconds, outgoing.signal);
      } else if (tried.answer !== undefined) {
        return { answer: tried.answer, attempt };
      } else {
        throw new BillingError("The billing backend did not answer.", { cause: tried.failure });
      }
    }
  }

  async #try(address: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Try> {
    try {
      return { answer: await within(this.#clock, this.#retry.timeoutMs, signal, (own) => this.#exchange(address, { ...init, signal: own })) };
    } catch (failure) {
      signal?.throwIfAborted();
      return { failure };
    }
  }

  // A body that breaks off, or never ends, is a lost answer, too.
  async #exchange(address: string, init: RequestInit): Promise<RawAnswer> {
    const fetch = this.#fetch;
    const response = await fetch(address, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  #initOf(outgoing: Outgoing, customer: Record<string, string | undefined>): RequestInit {
    const headers = Object.entries({
      ...customer,
      Authorization: this.#credential,
      "Idempotency-Key": outgoing.idempotencyKey,
      "Content-Type": outgoing.body === undefined ? undefined : "application/json",
    }).filter((header): header is [string, string] => header[1] !== undefined);
    const wrong = headers.find(([, value]) => !canBeHeader(value));
    if (wrong !== undefined) {
      throw new TypeError(`${wrong[0]} takes printable ASCII characters only.`);
    }

    return {
      method: outgoing.method,
      headers,
      ...(outgoing.body === undefined ? {} : { body: JSON.stringify(outgoing.body) }),
      // Whoever is redirected to must not get the keys: fetch takes Authorization off, but not X-Api-Key.
      redirect: "manual",
    };
  }
}

function canBeHeader(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

function textOf(query: Query | undefined): string {
  const given = Object.entries(query ?? {}).filter((pair) => pair[1] !== undefined);
  return given.length === 0 ? "" : `?${given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&")}`;
}

function infoOf(answer: RawAnswer): AnswerInfo {
  return { requestId: answer.headers.get("X-Request-Id") ?? undefined, replayed: answer.headers.get("Idempotent-Replayed") === "true" };
}

function bodyOf(answer: RawAnswer, info: AnswerInfo): object {
  try {
    const body: unknown = answer.status === 204 ? {} : JSON.parse(answer.text);
    if (typeof body === "object" && body !== null) {
      return body;
    }
  } catch {
    // It is told below.
  }

  throw new BillingError(`The billing backend answered ${answer.status} with something that is not its JSON.`, { status: answer.status, info });
}

function problemOf(answer: RawAnswer, info: AnswerInfo): Problem {
  const body = bodyOf(answer, info);
  if ("code" in body && typeof body.code === "string" && "detail" in body) {
    return body as Problem;
  }

  throw new BillingError(`The billing backend answered ${answer.status} with something that is not its JSON.`, { status: answer.status, info });
}

function noSuchKey(clock: Clock): Problem {
  const message = "The API key has characters that no key has.";
  const timestamp = new Date(clock.now()).toISOString();
  return { type: "about:blank", title: "Unauthorized", status: 401, detail: message, code: "UNAUTHORIZED", success: false, error: { message, code: 401, timestamp } };
}
