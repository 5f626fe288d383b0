import type { Problem } from "./answers.js";

/** What every answer says beside its body. */
export interface AnswerInfo {
  /** `X-Request-Id`: names the request in the backend's logs. Undefined where there was no answer, or a browser may not see the header. */
  readonly requestId: string | undefined;
  /** True when this is the stored answer to an earlier request with the same Idempotency-Key. */
  readonly replayed: boolean;
}

/** The backend could not be reached, or answered what this client does not know. */
export class BillingError extends Error implements AnswerInfo {
  override readonly name: string = "BillingError";
  /** HTTP status of the last answer; undefined when there was none. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly replayed: boolean;

  constructor(message: string, options: { cause?: unknown; status?: number | undefined; info?: AnswerInfo | undefined } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.status = options.status;
    this.requestId = options.info?.requestId;
    this.replayed = options.info?.replayed ?? false;
  }
}

/** The backend refused, where a refusal is not an expected outcome. */
export class BillingRefusedError extends BillingError {
  override readonly name = "BillingRefusedError";
  readonly problem: Problem;

  constructor(problem: Problem, info: AnswerInfo) {
    super(`${problem.code}: ${problem.detail}`, { status: problem.status, info });
    this.problem = problem;
  }

  /** Decide on this, never on the text. */
  get code(): Problem["code"] {
    return this.problem.code;
  }
}
