import type { AnswerInfo, Generation, Problem } from "./answers.js";
import type { BillingClient } from "./client.js";
import { type Clock, wait } from "./clock.js";
import type { Customer } from "./customer.js";
import { BillingError, BillingRefusedError } from "./errors.js";
import { Heartbeat, intervalOf } from "./heartbeat.js";
import { newKey } from "./keys.js";
import type { ChargeOptions, Delivered, FailReason, GenerationRequest, Settlement } from "./requests.js";

/**
 * Makes what was paid for. What it returns is handed on; where it has `succeededUnits`, only so much was delivered.
 * The signal is aborted when the caller gives up, or when there is nothing to be made any more.
 */
export type Work<T> = (generation: Generation, signal: AbortSignal) => Promise<T> | T;

export interface RunOptions extends ChargeOptions {
  /** How long it is tried to tell how the work ended, while the backend does not answer; 900,000. */
  readonly settleWithinMs?: number | undefined;
}

// Between two tries to settle, each of which is several of the client's own.
const shortestPause = 1_000;
const longestPause = 30_000;

/** What a run came to. */
export type RunResult<T> =
  /** Made, and paid for as far as it was delivered. */
  | { readonly outcome: "completed"; readonly generation: Generation; readonly value: T }
  /** Nothing was charged, and the work not begun. */
  | ({ readonly outcome: "refused"; readonly problem: Problem } & AnswerInfo)
  /** It was settled otherwise: before, by an earlier run of the same key, or while the work ran, or it expired. `generation.status` says how. */
  | { readonly outcome: "settled_elsewhere"; readonly generation: Generation; readonly value?: T; readonly error?: unknown };

/** Thrown by the work: it failed, and for this reason. Anything else that it throws is a `server_error`. */
export class GenerationFailure extends Error {
  override readonly name = "GenerationFailure";
  readonly reason: FailReason;

  constructor(reason: FailReason, message: string = reason, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The work has ended, and the backend could not be told. Settle by `settlement` later; what nobody settles expires and is refunded. */
export class UnsettledError extends BillingError {
  override readonly name = "UnsettledError";
  readonly generation: Generation;
  readonly settlement: Settlement;
  /** What the work returned. */
  readonly value: unknown;
  /** What the work threw. */
  readonly workError: unknown;

  constructor(generation: Generation, ended: Ended<unknown>, cause: unknown) {
    const told = cause instanceof BillingError ? cause : undefined;
    super(`${generation.id} has ended and could not be settled.`, { cause, status: told?.status, info: told });
    this.generation = generation;
    this.settlement = ended.settlement;
    this.value = ended.value;
    this.workError = ended.error;
  }
}

interface Ended<T> {
  readonly settlement: Settlement;
  readonly threw: boolean;
  readonly value?: T;
  readonly error?: unknown;
}

/** See `BillingClient.run`. */
export async function run<T>(billing: BillingClient, clock: Clock, customer: Customer, request: GenerationRequest, work: Work<T>, options: RunOptions): Promise<RunResult<T>> {
  const admission = await billing.admit(customer, request, { idempotencyKey: options.idempotencyKey ?? newKey(), signal: options.signal });
  if (admission.outcome === "refused") {
    return admission;
  }

  const running = new Running(billing, clock, admission.generation);
  // A stored answer says how it began, not how it stands.
  if (admission.replayed && !(await running.isAlive(options.signal))) {
    return { outcome: "settled_elsewhere", generation: await running.read() };
  }

  const ended = await running.work(work, options.signal);
  return running.settle(ended, options);
}

/** A generation that is being made. */
class Running {
  readonly #billing: BillingClient;
  readonly #clock: Clock;
  readonly #admitted: Generation;
  readonly #gone = new AbortController();

  constructor(billing: BillingClient, clock: Clock, admitted: Generation) {
    this.#billing = billing;
    this.#clock = clock;
    this.#admitted = admitted;
  }

  /** Says that it is alive, and hears whether it is. */
  async isAlive(signal: AbortSignal | undefined): Promise<boolean> {
    try {
      await this.#billing.heartbeat(this.#admitted.id, { signal });
      return true;
    } catch (error) {
      if (isSettled(error)) {
        return false;
      }

      throw error;
    }
  }

  /** Named by its workspace: the customer's API key may be dead by now. */
  read(): Promise<Generation> {
    return this.#billing.get({ workspaceId: this.#admitted.workspace_id, testMode: this.#admitted.test_mode }, this.#admitted.id);
  }

  async work<T>(work: Work<T>, signal: AbortSignal | undefined): Promise<Ended<T>> {
    const heartbeat = new Heartbeat(this.#clock, intervalOf(this.#admitted), (signal) => this.#beat(signal));
    const giveUp = () => this.#gone.abort(signal?.reason);
    signal?.addEventListener("abort", giveUp, { once: true });
    heartbeat.start();
    try {
      signal?.throwIfAborted();
      const value = await work(this.#admitted, this.#gone.signal);
      return { settlement: { id: this.#admitted.id, outcome: "completed", ...deliveredOf(value) }, threw: false, value };
    } catch (error) {
      const reason = error instanceof GenerationFailure ? error.reason : "server_error";
      return { settlement: { id: this.#admitted.id, outcome: "failed", reason }, threw: true, error };
    } finally {
      heartbeat.stop();
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** Whoever gave up meanwhile: what was made is told, and what was not is given back. */
  async settle<T>(ended: Ended<T>, options: RunOptions): Promise<RunResult<T>> {
    try {
      const generation = await this.#tell(ended.settlement, options);
      if (!isAs(generation, ended.settlement)) {
        const { threw, settlement, ...came } = ended;
        return { outcome: "settled_elsewhere", generation, ...came };
      }

      if (!ended.threw) {
        return { outcome: "completed", generation, value: ended.value as T };
      }
    } catch (error) {
      throw new UnsettledError(this.#admitted, ended, error);
    }

    throw ended.error;
  }

  async #beat(signal: AbortSignal): Promise<void> {
    if (!(await this.isAlive(signal))) {
      this.#gone.abort(new BillingError("The generation was settled elsewhere, or has expired."));
    }
  }

  /** Until it is told, or it takes too long, or nothing would help. Who gives up meanwhile gets one more try. */
  async #tell(settlement: Settlement, options: RunOptions): Promise<Generation> {
    const until = this.#clock.now() + (options.settleWithinMs ?? 900_000);
    for (let pause = shortestPause; ; pause = Math.min(2 * pause, longestPause)) {
      try {
        return await this.#tellOnce(settlement);
      } catch (error) {
        if (isFinal(error) || options.signal?.aborted === true || this.#clock.now() + pause > until) {
          throw error;
        }
      }

      await wait(this.#clock, pause, options.signal).catch(() => {});
    }
  }

  /** How it stands when it is settled, by this or by another. Where only the answer was lost, reading finds it. */
  async #tellOnce(settlement: Settlement): Promise<Generation> {
    try {
      return await this.#send(settlement);
    } catch (error) {
      const now = isSettled(error) || isLost(error) ? await this.read() : undefined;
      if (now === undefined || now.status === "running") {
        throw error;
      }

      return now;
    }
  }

  #send(settlement: Settlement): Promise<Generation> {
    return settlement.outcome === "completed" ? this.#billing.complete(settlement.id, settlement) : this.#billing.fail(settlement.id, settlement.reason);
  }
}

function isSettled(error: unknown): boolean {
  return error instanceof BillingRefusedError && error.code === "ALREADY_SETTLED";
}

function isLost(error: unknown): boolean {
  return error instanceof BillingError && !(error instanceof BillingRefusedError);
}

/** A refusal that stays; one of the service's key may pass when keys are exchanged. */
function isFinal(error: unknown): boolean {
  return error instanceof BillingRefusedError ? ![401, 403, 429].includes(error.status ?? 0) : !isLost(error);
}

function isAs(generation: Generation, settlement: Settlement): boolean {
  return settlement.outcome === "completed"
    ? generation.status === "completed" && generation.succeeded_units === (settlement.succeededUnits ?? generation.units)
    : generation.status === "failed" && generation.reason === settlement.reason;
}

function deliveredOf(value: unknown): Delivered {
  const { succeededUnits }: Delivered = typeof value === "object" && value !== null ? value : {};
  return { succeededUnits };
}
