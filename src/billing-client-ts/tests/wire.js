import { BillingClient, BillingOperator } from "../dist/index.js";
import { VirtualClock } from "./virtual-clock.js";

export const running = {
  id: "gen_1", status: "running", cost: 6, charged: { credits: 6, overage_units: 0, overage: null }, credits: 44, workspace_id: "ws_1", test_mode: false,
  entitlements: { watermark: false }, created_at: "2025-11-03T10:30:00Z", expires_at: "2025-11-03T11:30:00Z", breakdown: [], units: 3, succeeded_units: null, refunded: 0,
  reason: null, settled_at: null,
};
export const completed = { ...running, status: "completed", succeeded_units: 3, settled_at: "2025-11-03T10:40:00Z" };
export const failed = { ...running, status: "failed", reason: "server_error", settled_at: "2025-11-03T10:40:00Z" };
export const images = { size: "4K", variant_count: 3 };
export const customer = { apiKey: "customer-key" };

/** Stands in for the network: gives its answers in turn and keeps what was sent. A request too many fails. */
export class Wire {
  #answers;
  sent = [];
  excess = 0;
  /** What is answered when all the others were given. */
  otherwise;
  clock = new VirtualClock();

  constructor(...answers) {
    this.#answers = answers;
  }

  client(retry = {}) {
    return new BillingClient({ ...this.#options(retry), serviceKey: "service-key" });
  }

  operator(retry = {}) {
    return new BillingOperator({ ...this.#options(retry), operatorKey: "operator-key" });
  }

  get unused() {
    return this.#answers.length;
  }

  /** What was sent, in short. */
  get lines() {
    return this.sent.map((one) => `${one.method} ${one.path}`);
  }

  #options(retry) {
    return { baseUrl: "http://billing.example/", clock: this.clock, retry, fetch: (address, init) => this.#take(address, init) };
  }

  async #take(address, init) {
    const headers = new Headers(init.headers);
    this.sent.push({ method: init.method, path: address.replace("http://billing.example/api/v1/", ""), headers, body: init.body, redirect: init.redirect, signal: init.signal, at: this.clock.now() });
    const answer = this.#answers.shift() ?? this.otherwise;
    if (answer === undefined) {
      this.excess++;
      throw new Error("Nothing more was expected.");
    }

    return answer(init.signal);
  }
}

export const says = (status, body = {}, headers = {}) => () =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", "X-Request-Id": "req-1", ...headers } });

export const replays = (status, body) => says(status, body, { "Idempotent-Replayed": "true" });

export const refuses = (status, code, headers = {}, more = {}) =>
  says(status, { type: "about:blank", title: "No", status, detail: "It is refused.", code, success: false, error: { message: "It is refused.", code: status, timestamp: "2025-11-03T10:30:00Z" }, ...more }, headers);

/** The connection breaks before anything is answered. */
export const breaks = () => {
  throw new TypeError("fetch failed");
};

/** The connection breaks within the body. */
export const cuts = () =>
  new Response(
    new ReadableStream({
      start(stream) {
        stream.enqueue(new TextEncoder().encode('{"id": "gen_'));
        stream.error(new TypeError("terminated"));
      },
    }),
    { status: 201 },
  );

/** Nothing comes, until somebody gives up. */
export const hangs = (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

/** Nothing comes, and whoever gives up is not heard. */
export const hangsDeaf = () => new Promise(() => {});

/** The status comes, the body never ends. */
export const hangsWithin = () => new Response(new ReadableStream({}), { status: 200 });

export const allLost = (answer, tries = 4) => Array.from({ length: tries }, () => answer);
