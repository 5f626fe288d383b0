import type { TransactionType } from "./answers.js";
import type { components } from "./openapi.js";

/** A body of the API in which what may be left out may be undefined, too, also under `exactOptionalPropertyTypes`. */
export type Body<T> = { readonly [Name in keyof T as {} extends Pick<T, Name> ? never : Name]: T[Name] } & {
  readonly [Name in keyof T as {} extends Pick<T, Name> ? Name : never]?: T[Name] | undefined;
};

/** A body that names a product: whatever the deployment sells, where the document names the shipped ones. */
export type AnyProduct<T extends { product: string }> = Omit<Body<T>, "product"> & { readonly product: string };

export interface CallOptions {
  /** Gives up waiting; what was sent may still have its effect. */
  readonly signal?: AbortSignal | undefined;
}

export interface ChargeOptions extends CallOptions {
  /** Names the attempt: the same key is charged once, however often it is sent, also by another process. Left out for a fresh one. */
  readonly idempotencyKey?: string | undefined;
}

/** What every product's request may say. */
export interface CommonFields {
  /** A team workspace to charge, of a customer who is named by its API key; without it the customer's own. */
  readonly workspace_id?: string | undefined;
  /** A quote to pay the price of. */
  readonly quote?: string | undefined;
  /** Shown to the customer. */
  readonly description?: string | undefined;
  /** At most 20 strings, returned with the ledger entry. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** One generation that a customer wants: beside what all may say, the fields of the product, whatever its catalog calls them. */
export interface GenerationRequest extends CommonFields {
  // `any`, not `unknown`: a seller's own interface of its fields fits only so.
  readonly [field: string]: any;
}

export interface BatchOptions extends ChargeOptions {
  /** `all_or_nothing` (without it): one refusal refuses all. `best_effort`: each is decided by itself. */
  readonly mode?: "all_or_nothing" | "best_effort" | undefined;
  /** A team workspace to charge; items name none. */
  readonly workspaceId?: string | undefined;
}

/** Why a generation failed. The first three are refunded, the last two are not. */
export type FailReason = components["schemas"]["FailRequest"]["reason"];

/** How much was delivered. */
export interface Delivered {
  /** Fewer than were asked for: the rest is refunded. Left out for all. */
  readonly succeededUnits?: number | undefined;
  /** What the product knows only now, as the API calls it: `width`, `file_size_bytes`, … */
  readonly fields?: Readonly<Record<string, number | string | boolean>> | undefined;
}

/** How a generation ended. */
export type Settlement =
  | ({ readonly id: string; readonly outcome: "completed" } & Delivered)
  | { readonly id: string; readonly outcome: "failed"; readonly reason: FailReason };

export interface Listing extends CallOptions {
  /** Where to begin: the `next_cursor` of an earlier page. */
  readonly cursor?: string | undefined;
  /** Most on one page, 1 to 200; all pages are gone through in any case. */
  readonly pageSize?: number | undefined;
}

export interface GenerationFilter extends Listing {
  readonly workspaceId?: string | undefined;
  readonly status?: components["schemas"]["GenerationStatus"] | undefined;
  /** Admitted at this instant or later. */
  readonly from?: string | undefined;
  /** Admitted before this instant. */
  readonly to?: string | undefined;
  readonly keyId?: string | undefined;
}

export interface HistoryFilter extends Listing {
  readonly workspaceId?: string | undefined;
  readonly type?: TransactionType | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The body that tells how much was delivered. */
export function bodyOf(delivered: Delivered): object {
  const units = delivered.succeededUnits;
  if (units !== undefined && !(Number.isSafeInteger(units) && units >= 0)) {
    // JSON has no NaN: it would be sent as null, which says that all were delivered.
    throw new TypeError("succeededUnits is a whole number, 0 or more.");
  }

  return { ...delivered.fields, ...(units === undefined ? {} : { succeeded_units: units }) };
}

/** One item of many settlements. */
export function itemOf(settlement: Settlement): object {
  const { id, outcome } = settlement;
  return settlement.outcome === "completed" ? { id, outcome, ...bodyOf(settlement) } : { id, outcome, reason: settlement.reason };
}
