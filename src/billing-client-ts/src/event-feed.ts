import { type Clock, wait } from "./clock.js";
import { BillingError } from "./errors.js";
import type { SellerEvent, SellerEvents } from "./operator-answers.js";

export interface FeedOptions {
  /** The `cursor` of an earlier feed; without it from the oldest event that is kept. */
  readonly after?: string | undefined;
  /** Most events asked for at once. */
  readonly pageSize?: number | undefined;
  /** Asks again so long after everything was read. Without it the feed ends there. */
  readonly pollMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** All customers' events. Each is seen at least once: store `cursor`, and drop ids that were seen before. */
export class EventFeed implements AsyncIterable<SellerEvent> {
  readonly #read: (after: string | undefined) => Promise<SellerEvents>;
  readonly #clock: Clock;
  readonly #options: FeedOptions;
  #cursor: string | undefined;

  constructor(read: (after: string | undefined) => Promise<SellerEvents>, clock: Clock, options: FeedOptions) {
    this.#read = read;
    this.#clock = clock;
    this.#options = options;
    this.#cursor = options.after;
  }

  /** Where to go on after a restart: it moves once every event of a page was taken and the next one asked for. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SellerEvent, void, undefined> {
    const { pollMs, signal } = this.#options;
    for (;;) {
      const page = await this.#read(this.#cursor);
      yield* page.events;
      this.#move(page);
      if (page.events.length > 0) {
        continue;
      }

      if (pollMs === undefined) {
        return;
      }

      await wait(this.#clock, pollMs, signal);
    }
  }

  #move(page: SellerEvents): void {
    if (page.events.length > 0 && page.next === this.#cursor) {
      throw new BillingError("The billing backend named the same page twice.");
    }

    this.#cursor = page.next;
  }
}
