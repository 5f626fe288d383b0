import type { Clock } from "./clock.js";

/** How the client retries. */
export interface RetryOptions {
  /** Tries in all; 4. */
  readonly maxAttempts?: number | undefined;
  /** An answer that asks for more than this before the next try is the last one: a 429 a refusal, a 503 an error; 5,000. */
  readonly longestWaitMs?: number | undefined;
  /** Before the second try, when the backend did not say how long; doubles with each further one; 200. */
  readonly firstBackoffMs?: number | undefined;
  /** How long one try may take, the body included; 30,000. */
  readonly timeoutMs?: number | undefined;
}

/** What came of one try: an answer, or what the connection said. */
export type Try = { readonly answer: RawAnswer; readonly failure?: undefined } | { readonly answer?: undefined; readonly failure: unknown };

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const forLater = [429, 500, 502, 503, 504];

export class RetryPolicy {
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  readonly #longestWaitMs: number;
  readonly #firstBackoffMs: number;
  readonly #clock: Clock;

  constructor(options: RetryOptions, clock: Clock) {
    this.maxAttempts = options.maxAttempts ?? 4;
    this.timeoutMs = options.timeoutMs ?? 30_000;
    this.#longestWaitMs = options.longestWaitMs ?? 5_000;
    this.#firstBackoffMs = options.firstBackoffMs ?? 200;
    this.#clock = clock;
  }

  /**
   * @param once that a repeat would have another effect: then only an answer that says that nothing was done is followed by another try.
   * @returns milliseconds; undefined when another try would not help, or would have to wait for too long.
   */
  waitAfter(tried: Try, attempt: number, once: boolean): number | undefined {
    if (attempt >= this.maxAttempts || !mayFollow(tried, once)) {
      return undefined;
    }

    const wait = Math.max(0, this.#askedFor(tried) ?? this.#backoffAfter(attempt));
    return wait > this.#longestWaitMs ? undefined : wait;
  }

  #askedFor(tried: Try): number | undefined {
    const header = tried.answer?.headers.get("Retry-After")?.trim();
    if (tried.answer === undefined || !header) {
      return undefined;
    }

    const until = header.endsWith("GMT") ? Date.parse(header) : NaN;
    const milliseconds = /^\d+$/.test(header) ? Number(header) * 1_000 : until - this.#clock.now();
    return Number.isNaN(milliseconds) ? undefined : milliseconds;
  }

  // Half of it is chance, so that clients which failed together do not come back together.
  #backoffAfter(attempt: number): number {
    return this.#firstBackoffMs * 2 ** Math.min(attempt - 1, 6) * (0.5 + Math.random() / 2);
  }
}

function mayFollow({ answer }: Try, once: boolean): boolean {
  return once ? answer?.status === 429 : answer === undefined || forLater.includes(answer.status);
}
