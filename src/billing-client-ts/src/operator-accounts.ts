import type { Answer } from "./answers.js";
import { newKey, path } from "./keys.js";
import type { components } from "./openapi.js";
import type { Account, Accounts, CreatedAccount, Session } from "./operator-answers.js";
import { PagedList } from "./pages.js";
import type { AnyProduct, Body, CallOptions, ChargeOptions, Listing } from "./requests.js";
import type { Sender } from "./sender.js";

export interface AccountFilter extends Listing {
  readonly product?: string | undefined;
  readonly plan?: string | undefined;
  /** Of the plan: `none | active | paused | canceled`. */
  readonly status?: components["schemas"]["PlanStatus"] | undefined;
  /** The seller's own id: at most one account of each product. */
  readonly externalId?: string | undefined;
}

export type AccountChange = Body<components["schemas"]["ChangeAccountRequest"]>;

export class OperatorAccounts {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  async create(account: AnyProduct<components["schemas"]["CreateAccountRequest"]>, options: ChargeOptions = {}): Promise<Answer<CreatedAccount>> {
    return this.#sender.obtain({ method: "POST", path: "admin/accounts", body: account, idempotencyKey: options.idempotencyKey ?? newKey(), signal: options.signal });
  }

  list(filter: AccountFilter = {}): PagedList<Answer<Accounts>, Account> {
    const { product, plan, status, externalId: external_id, pageSize: limit, signal } = filter;
    return new PagedList({
      cursor: filter.cursor,
      read: (cursor) => this.#sender.obtain<Accounts>({ method: "GET", path: "admin/accounts", query: { product, plan, status, external_id, limit, cursor }, signal }),
      items: (page) => page.accounts,
      next: (page) => page.next_cursor,
    });
  }

  async get(accountId: string, options: CallOptions = {}): Promise<Answer<Account>> {
    return this.#sender.obtain({ method: "GET", path: path`admin/accounts/${accountId}`, signal: options.signal });
  }

  async patch(accountId: string, change: AccountChange, options: CallOptions = {}): Promise<Answer<Account>> {
    return this.#sender.obtain({ method: "PATCH", path: path`admin/accounts/${accountId}`, body: change, signal: options.signal });
  }

  /** Keys off, sessions ended, subscription canceled; the books stay. */
  async close(accountId: string, options: CallOptions = {}): Promise<Answer<Account>> {
    return this.#sender.obtain({ method: "DELETE", path: path`admin/accounts/${accountId}`, signal: options.signal });
  }

  /** A token for its dashboard. A lost answer costs nothing but a token that nobody has. */
  async session(accountId: string, options: CallOptions = {}): Promise<Answer<Session>> {
    return this.#sender.obtain({ method: "POST", path: "admin/sessions", body: { account_id: accountId }, signal: options.signal });
  }
}
