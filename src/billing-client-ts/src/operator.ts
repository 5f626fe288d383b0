import type { Answer, Generation, Generations, History, Refund, Transaction } from "./answers.js";
import type { ClientOptions } from "./client.js";
import { type Clock, systemClock } from "./clock.js";
import { EventFeed, type FeedOptions } from "./event-feed.js";
import { newKey, path } from "./keys.js";
import type { components } from "./openapi.js";
import { OperatorAccounts } from "./operator-accounts.js";
import type { Adjustment, CreatedSellerWebhook, Grant, ImportReport, ImportRow, PaymentReport, SellerEvents, SellerEventType, Subscription, TopUp, WorkspaceAccount } from "./operator-answers.js";
import { PagedList } from "./pages.js";
import type { Body, CallOptions, ChargeOptions, GenerationFilter, HistoryFilter } from "./requests.js";
import { RetryPolicy } from "./retry.js";
import { type Outgoing, Sender } from "./sender.js";

type Schemas = components["schemas"];

export interface BillingOperatorOptions extends ClientOptions {
  /** Never in a browser. */
  readonly operatorKey: string;
}

/** The billing backend, as the seller's own tools call it. */
export class BillingOperator {
  readonly accounts: OperatorAccounts;
  readonly refunds: OperatorRefunds;
  readonly webhooks: SellerWebhooks;
  readonly #sender: Sender;
  readonly #clock: Clock;

  constructor(options: BillingOperatorOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#sender = new Sender(options.baseUrl, options.operatorKey, options.fetch, new RetryPolicy(options.retry ?? {}, this.#clock), this.#clock);
    this.accounts = new OperatorAccounts(this.#sender);
    this.refunds = new OperatorRefunds(this.#sender);
    this.webhooks = new SellerWebhooks(this.#sender);
  }

  async workspace(workspaceId: string, options: CallOptions = {}): Promise<Answer<WorkspaceAccount>> {
    return this.#sender.obtain({ method: "GET", path: path`admin/workspaces/${workspaceId}`, signal: options.signal });
  }

  /** Newest first. */
  ledger(workspaceId: string, filter: Omit<HistoryFilter, "workspaceId"> = {}): PagedList<Answer<History>, Transaction> {
    const { type, from, to, pageSize: limit, signal } = filter;
    return new PagedList({
      cursor: filter.cursor,
      read: (cursor) => this.#sender.obtain<History>({ method: "GET", path: path`admin/workspaces/${workspaceId}/ledger`, query: { type, from, to, limit, cursor }, signal }),
      items: (page) => page.transactions,
      next: (page) => page.next_cursor,
    });
  }

  /** Newest first. */
  generations(workspaceId: string, filter: Omit<GenerationFilter, "workspaceId"> = {}): PagedList<Answer<Generations>, Generation> {
    const { status, from, to, keyId: key_id, pageSize: limit, signal } = filter;
    return new PagedList({
      cursor: filter.cursor,
      read: (cursor) => this.#sender.obtain<Generations>({ method: "GET", path: path`admin/workspaces/${workspaceId}/generations`, query: { status, from, to, key_id, limit, cursor }, signal }),
      items: (page) => page.generations,
      next: (page) => page.next_cursor,
    });
  }

  /** Starts a plan, or changes it. */
  async subscribe(workspaceId: string, request: Body<Schemas["SubscribeRequest"]>, options: ChargeOptions = {}): Promise<Answer<Subscription>> {
    return this.#sender.obtain({ method: "PUT", path: path`admin/workspaces/${workspaceId}/subscription`, body: request, ...once(options) });
  }

  /** Ends it with its period. */
  async cancelSubscription(workspaceId: string, options: ChargeOptions = {}): Promise<Answer<Subscription>> {
    return this.#sender.obtain({ method: "DELETE", path: path`admin/workspaces/${workspaceId}/subscription`, ...once(options) });
  }

  /** How a payment of the subscription stands. */
  async reportPayment(workspaceId: string, request: Body<Schemas["PaymentRequest"]>, options: ChargeOptions = {}): Promise<Answer<PaymentReport>> {
    return this.#sender.obtain({ method: "POST", path: path`admin/workspaces/${workspaceId}/payments`, body: request, ...once(options) });
  }

  /** Credits that were bought; the same reference counts once. */
  async topUp(workspaceId: string, request: Body<Schemas["TopUpRequest"]>, options: ChargeOptions = {}): Promise<Answer<TopUp>> {
    return this.#sender.obtain({ method: "POST", path: path`admin/workspaces/${workspaceId}/top-ups`, body: request, ...once(options) });
  }

  /** Its payment was taken back, in whole or in part. */
  async reverseTopUp(workspaceId: string, topUpId: string, request: Body<Schemas["ReverseTopUpRequest"]>, options: ChargeOptions = {}): Promise<Answer<TopUp>> {
    return this.#sender.obtain({ method: "POST", path: path`admin/workspaces/${workspaceId}/top-ups/${topUpId}/reverse`, body: request, ...once(options) });
  }

  /** The dispute was won. */
  async reinstateTopUp(workspaceId: string, topUpId: string, request: Body<Schemas["ReinstateTopUpRequest"]>, options: ChargeOptions = {}): Promise<Answer<TopUp>> {
    return this.#sender.obtain({ method: "POST", path: path`admin/workspaces/${workspaceId}/top-ups/${topUpId}/reinstate`, body: request, ...once(options) });
  }

  /** Gives bonus credits. */
  async grant(workspaceId: string, request: Body<Schemas["GrantRequest"]>, options: ChargeOptions = {}): Promise<Answer<Grant>> {
    return this.#sender.obtain({ method: "POST", path: path`admin/workspaces/${workspaceId}/grants`, body: request, ...once(options) });
  }

  /** Corrects the balance. */
  async adjust(workspaceId: string, request: Body<Schemas["AdjustmentRequest"]>, options: ChargeOptions = {}): Promise<Answer<Adjustment>> {
    return this.#sender.obtain({ method: "POST", path: path`admin/workspaces/${workspaceId}/adjustments`, body: request, ...once(options) });
  }

  /** Every customer's events, from where `after` says. */
  events(options: FeedOptions = {}): EventFeed {
    const { pageSize: limit, signal } = options;
    return new EventFeed((after) => this.#sender.obtain<SellerEvents>({ method: "GET", path: "admin/events", query: { after, limit }, signal }), this.#clock, options);
  }

  /** Brings up to 1,000 customers over; one effect per external id, so the same rows may be sent again. */
  async import(rows: readonly ImportRow[], options: CallOptions & { readonly dryRun?: boolean | undefined } = {}): Promise<Answer<ImportReport>> {
    return this.#sender.obtain({ method: "POST", path: "admin/imports", body: { dry_run: options.dryRun ?? false, rows }, signal: options.signal });
  }
}

class OperatorRefunds {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Those that wait for a review. */
  async list(workspaceId: string, options: CallOptions = {}): Promise<Answer<Schemas["Refunds"]>> {
    return this.#sender.obtain({ method: "GET", path: path`admin/workspaces/${workspaceId}/refunds`, signal: options.signal });
  }

  async approve(refundId: string, options: ChargeOptions = {}): Promise<Answer<Refund>> {
    return this.#sender.obtain({ method: "POST", path: path`admin/refunds/${refundId}/approve`, ...once(options) });
  }

  async deny(refundId: string, options: ChargeOptions = {}): Promise<Answer<Refund>> {
    return this.#sender.obtain({ method: "POST", path: path`admin/refunds/${refundId}/deny`, ...once(options) });
  }
}

/** Where the seller hears of every customer's events. */
class SellerWebhooks {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** The answer shows the secret, this once; so it is not sent again when the answer is lost. */
  async create(url: string, events: readonly (SellerEventType | "*")[] = ["*"], options: CallOptions = {}): Promise<Answer<CreatedSellerWebhook>> {
    return this.#sender.obtain({ method: "POST", path: "admin/webhooks", body: { url, events }, once: true, signal: options.signal });
  }

  async list(options: CallOptions = {}): Promise<Answer<Schemas["SellerWebhooks"]>> {
    return this.#sender.obtain({ method: "GET", path: "admin/webhooks", signal: options.signal });
  }

  async delete(webhookId: string, options: CallOptions = {}): Promise<Answer<Schemas["DeletedWebhook"]>> {
    const whenGone = { id: webhookId, deleted: true };
    return this.#sender.obtain({ method: "DELETE", path: path`admin/webhooks/${webhookId}`, whenGone, signal: options.signal });
  }
}

function once(options: ChargeOptions): Pick<Outgoing, "idempotencyKey" | "signal"> {
  return { idempotencyKey: options.idempotencyKey ?? newKey(), signal: options.signal };
}
