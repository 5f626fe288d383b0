import type { Admission, Answer, Balance, Batch, Catalog, Check, Generation, Generations, GenerationWithCredits, History, Quote, SettledGenerations, Transaction, WorkspaceCredits } from "./answers.js";
import { type Clock, systemClock } from "./clock.js";
import { createOf, type Customer } from "./customer.js";
import { CustomerRefunds } from "./customer-refunds.js";
import { CustomerWebhooks } from "./customer-webhooks.js";
import { newKey, path } from "./keys.js";
import type { components } from "./openapi.js";
import { PagedList } from "./pages.js";
import {
  type BatchOptions, bodyOf, type CallOptions, type ChargeOptions, type Delivered, type FailReason, type GenerationFilter, type GenerationRequest, type HistoryFilter, itemOf, type Settlement,
} from "./requests.js";
import { type RetryOptions, RetryPolicy } from "./retry.js";
import { run, type RunOptions, type RunResult, type Work } from "./run.js";
import { type Fetch, Sender } from "./sender.js";

export interface ClientOptions {
  /** Where the backend listens, without `/api/v1`. */
  readonly baseUrl: string | URL;
  /** In place of the global one. */
  readonly fetch?: Fetch | undefined;
  readonly retry?: RetryOptions | undefined;
  /** In place of the machine's. */
  readonly clock?: Clock | undefined;
}

export interface BillingClientOptions extends ClientOptions {
  /** The service's own key. Never in a browser: there, a customer's session token, and `"self"` for the customer. */
  readonly serviceKey: string;
}

/** The billing backend, as the seller's generation service calls it. One instance serves a process. */
export class BillingClient {
  readonly refunds: CustomerRefunds;
  readonly webhooks: CustomerWebhooks;
  readonly #sender: Sender;
  readonly #clock: Clock;

  constructor(options: BillingClientOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#sender = new Sender(options.baseUrl, options.serviceKey, options.fetch, new RetryPolicy(options.retry ?? {}, this.#clock), this.#clock);
    this.refunds = new CustomerRefunds(this.#sender);
    this.webhooks = new CustomerWebhooks(this.#sender);
  }

  /** May this customer generate this? Decided and charged in one step. */
  async admit(customer: Customer, request: GenerationRequest, options: ChargeOptions = {}): Promise<Admission> {
    const reply = await this.#sender.send<GenerationWithCredits>({
      method: "POST",
      path: "generations",
      customer,
      body: { ...request, ...createOf(customer) },
      ...chargedOnce(options),
    });
    return reply.problem === undefined
      ? { outcome: "admitted", generation: reply.value, requestId: reply.value.requestId, replayed: reply.value.replayed }
      : { outcome: "refused", problem: reply.problem, requestId: reply.requestId, replayed: reply.replayed };
  }

  /** The same for up to 1,000 generations in one charge. */
  async admitBatch(customer: Customer, items: readonly GenerationRequest[], options: BatchOptions = {}): Promise<Answer<Batch>> {
    const { mode, workspaceId: workspace_id } = options;
    return this.#sender.obtain({ method: "POST", path: "generations/batch", customer, body: { items, mode, workspace_id, ...createOf(customer) }, ...chargedOnce(options) });
  }

  /**
   * Admits, does the work, and settles by what came of it: by what it returned, or as failed when it threw.
   * Meanwhile it keeps the generation from expiring, and aborts the work's signal when somebody else settled it.
   * The same `idempotencyKey` after a crash goes on with the same generation, and charges nothing anew.
   * @throws what the work threw, once the generation is failed; `UnsettledError` when nobody could be told how it ended.
   */
  async run<T>(customer: Customer, request: GenerationRequest, work: Work<T>, options: RunOptions = {}): Promise<RunResult<T>> {
    return run(this, this.#clock, customer, request, work, options);
  }

  async get(customer: Customer, generationId: string, options: CallOptions = {}): Promise<Answer<Generation>> {
    return this.#sender.obtain({ method: "GET", path: path`generations/${generationId}`, customer, signal: options.signal });
  }

  /** Newest first. */
  list(customer: Customer, filter: GenerationFilter = {}): PagedList<Answer<Generations>, Generation> {
    const { workspaceId, status, from, to, keyId: key_id, pageSize: limit, signal } = filter;
    return new PagedList({
      cursor: filter.cursor,
      read: (cursor) => this.#sender.obtain<Generations>({ method: "GET", path: "generations", query: { workspaceId, status, from, to, key_id, limit, cursor }, customer, signal }),
      items: (page) => page.generations,
      next: (page) => page.next_cursor,
    });
  }

  /** It was delivered. Settling is idempotent by itself, and takes no customer: who admitted may settle. */
  async complete(generationId: string, delivered: Delivered = {}, options: CallOptions = {}): Promise<Answer<GenerationWithCredits>> {
    return this.#sender.obtain({ method: "POST", path: path`generations/${generationId}/complete`, body: bodyOf(delivered), signal: options.signal });
  }

  async fail(generationId: string, reason: FailReason, options: CallOptions = {}): Promise<Answer<GenerationWithCredits>> {
    return this.#sender.obtain({ method: "POST", path: path`generations/${generationId}/fail`, body: { reason }, signal: options.signal });
  }

  /** It is still running: it expires later. */
  async heartbeat(generationId: string, options: CallOptions = {}): Promise<Answer<Generation>> {
    return this.#sender.obtain({ method: "POST", path: path`generations/${generationId}/heartbeat`, body: {}, signal: options.signal });
  }

  /** Up to 1,000 at once, of whichever workspaces; each is decided alone, so look at each result. */
  async settle(settlements: readonly Settlement[], options: CallOptions = {}): Promise<Answer<SettledGenerations>> {
    return this.#sender.obtain({ method: "POST", path: "generations/settle", body: { items: settlements.map(itemOf) }, signal: options.signal });
  }

  /** What it would cost: a price that is kept for 15 minutes. */
  async quote(customer: Customer, request: GenerationRequest, options: CallOptions = {}): Promise<Answer<Quote>> {
    return this.#sender.obtain({ method: "POST", path: "generations/quote", customer, body: request, signal: options.signal });
  }

  /** What `admit` would decide now. It changes nothing, and promises nothing for later. */
  async check(customer: Customer, request: GenerationRequest, options: CallOptions = {}): Promise<Answer<Check>> {
    return this.#sender.obtain({ method: "POST", path: "generations/check", customer, body: request, signal: options.signal });
  }

  /** What can be spent, grant by grant. */
  async credits(customer: Customer, options: WorkspaceOptions = {}): Promise<Answer<WorkspaceCredits>> {
    return this.#sender.obtain({ method: "GET", path: "credits", query: { workspaceId: options.workspaceId }, customer, signal: options.signal });
  }

  /** What can be spent and what was, in one line. */
  async balance(customer: Customer, options: WorkspaceOptions = {}): Promise<Answer<Balance>> {
    return this.#sender.obtain({ method: "GET", path: "credits/balance", query: { workspaceId: options.workspaceId }, customer, signal: options.signal });
  }

  /** The ledger, newest first. */
  history(customer: Customer, filter: HistoryFilter = {}): PagedList<Answer<History>, Transaction> {
    const { workspaceId, type, from, to, pageSize: limit, signal } = filter;
    return new PagedList({
      cursor: filter.cursor,
      read: (cursor) => this.#sender.obtain<History>({ method: "GET", path: "credits/history", query: { workspaceId, type, from, to, limit, cursor }, customer, signal }),
      items: (page) => page.transactions,
      next: (page) => page.next_cursor,
    });
  }

  /** The catalogs, as customers see them. */
  async plans(options: CallOptions & { readonly product?: string | undefined } = {}): Promise<Catalog[]> {
    const { product, signal } = options;
    const answer = await this.#sender.obtain<Catalog | components["schemas"]["Catalogs"]>({ method: "GET", path: "plans", query: { product }, signal });
    return "products" in answer ? answer.products : [answer];
  }
}

export interface WorkspaceOptions extends CallOptions {
  /** Another workspace of a customer who is named by its API key. */
  readonly workspaceId?: string | undefined;
}

function chargedOnce(options: ChargeOptions): { idempotencyKey: string; signal: AbortSignal | undefined } {
  return { idempotencyKey: options.idempotencyKey ?? newKey(), signal: options.signal };
}
