import { BillingError } from "./errors.js";

/** How a list is read. */
export interface Paging<Page, Item> {
  /** Where to begin. */
  readonly cursor?: string | undefined;
  readonly read: (cursor: string | undefined) => Promise<Page>;
  readonly items: (page: Page) => readonly Item[];
  readonly next: (page: Page) => string | null | undefined;
}

/** A list that comes in pages: `for await` goes through its items, `pages()` through its pages. Nothing is asked for before it is wanted. */
export class PagedList<Page, Item> implements AsyncIterable<Item> {
  readonly #paging: Paging<Page, Item>;

  constructor(paging: Paging<Page, Item>) {
    this.#paging = paging;
  }

  async *pages(): AsyncGenerator<Page, void, undefined> {
    let cursor = this.#paging.cursor;
    for (;;) {
      const page = await this.#paging.read(cursor);
      yield page;
      const next = this.#paging.next(page);
      if (next === null || next === undefined) {
        return;
      }

      // A page may be empty and be followed by others, but a list that does not move on has no end.
      if (next === cursor) {
        throw new BillingError("The billing backend named the same page twice.");
      }

      cursor = next;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) {
      yield* this.#paging.items(page);
    }
  }
}
