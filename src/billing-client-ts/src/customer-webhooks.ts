import type { Answer, CreatedWebhook, Delivery } from "./answers.js";
import type { Customer } from "./customer.js";
import { newKey, path } from "./keys.js";
import type { components } from "./openapi.js";
import { PagedList } from "./pages.js";
import type { Body, CallOptions, ChargeOptions, Listing } from "./requests.js";
import type { Sender } from "./sender.js";

type Schemas = components["schemas"];

/** A customer's webhook endpoints. What shows a secret is not sent again when its answer is lost: it would make another one. */
export class CustomerWebhooks {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** The answer shows the secret, this once. */
  async create(customer: Customer, request: Body<Schemas["CreateWebhookRequest"]>, options: CallOptions = {}): Promise<Answer<CreatedWebhook>> {
    return this.#sender.obtain({ method: "POST", path: "webhooks", customer, body: request, once: true, signal: options.signal });
  }

  async list(customer: Customer, options: CallOptions & { readonly workspaceId?: string | undefined } = {}): Promise<Answer<Schemas["Webhooks"]>> {
    const { workspaceId, signal } = options;
    return this.#sender.obtain({ method: "GET", path: "webhooks", query: { workspaceId }, customer, signal });
  }

  async delete(customer: Customer, webhookId: string, options: ChargeOptions = {}): Promise<Answer<Schemas["DeletedWebhook"]>> {
    return this.#sender.obtain({ method: "DELETE", path: path`webhooks/${webhookId}`, customer, ...repeatable(options) });
  }

  /** Sends a `ping`. */
  async test(customer: Customer, webhookId: string, options: ChargeOptions = {}): Promise<Answer<Delivery>> {
    return this.#sender.obtain({ method: "POST", path: path`webhooks/${webhookId}/test`, customer, ...repeatable(options) });
  }

  /** A new secret, shown this once; deliveries are signed with both for 24 hours. */
  async rotate(customer: Customer, webhookId: string, options: CallOptions = {}): Promise<Answer<Schemas["RotatedWebhook"]>> {
    return this.#sender.obtain({ method: "POST", path: path`webhooks/${webhookId}/rotate`, customer, once: true, signal: options.signal });
  }

  /** Newest first. */
  deliveries(customer: Customer, webhookId: string, options: Listing = {}): PagedList<Answer<Schemas["Deliveries"]>, Delivery> {
    const { pageSize: limit, signal } = options;
    return new PagedList({
      cursor: options.cursor,
      read: (cursor) => this.#sender.obtain<Schemas["Deliveries"]>({ method: "GET", path: path`webhooks/${webhookId}/deliveries`, query: { limit, cursor }, customer, signal }),
      items: (page) => page.deliveries,
      next: (page) => page.next_cursor,
    });
  }

  /** Sends an event again. */
  async replay(customer: Customer, webhookId: string, deliveryId: string, options: ChargeOptions = {}): Promise<Answer<Delivery>> {
    return this.#sender.obtain({ method: "POST", path: path`webhooks/${webhookId}/deliveries/${deliveryId}/replay`, customer, ...repeatable(options) });
  }

  /** Enables it, and sends again what was given up since then. */
  async recover(customer: Customer, webhookId: string, request: Body<Schemas["RecoverWebhookRequest"]>, options: ChargeOptions = {}): Promise<Answer<Schemas["RecoveredWebhook"]>> {
    return this.#sender.obtain({ method: "POST", path: path`webhooks/${webhookId}/recover`, customer, body: request, ...repeatable(options) });
  }
}

function repeatable(options: ChargeOptions): { idempotencyKey: string; signal: AbortSignal | undefined } {
  return { idempotencyKey: options.idempotencyKey ?? newKey(), signal: options.signal };
}
