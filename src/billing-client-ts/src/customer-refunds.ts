import type { Answer, Refund } from "./answers.js";
import type { Customer } from "./customer.js";
import { newKey, path } from "./keys.js";
import type { components } from "./openapi.js";
import type { Body, CallOptions, ChargeOptions } from "./requests.js";
import type { Sender } from "./sender.js";

/** Refunds that a person decides on. */
export class CustomerRefunds {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Asks for one; an operator approves or denies it. */
  async request(customer: Customer, request: Body<components["schemas"]["RefundRequest"]>, options: ChargeOptions = {}): Promise<Answer<Refund>> {
    return this.#sender.obtain({ method: "POST", path: "refunds", customer, body: request, idempotencyKey: options.idempotencyKey ?? newKey(), signal: options.signal });
  }

  async get(customer: Customer, refundId: string, options: CallOptions = {}): Promise<Answer<Refund>> {
    return this.#sender.obtain({ method: "GET", path: path`refunds/${refundId}`, customer, signal: options.signal });
  }
}
