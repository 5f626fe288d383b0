export type * from "./answers.js";
export { BillingClient, type BillingClientOptions, type ClientOptions, type WorkspaceOptions } from "./client.js";
export { type Clock } from "./clock.js";
export type { Customer, CustomerByExternalId, CustomerByKey, CustomerByWorkspace, NewAccount } from "./customer.js";
export { BillingError, BillingRefusedError } from "./errors.js";
export { type EventFeed, type FeedOptions } from "./event-feed.js";
export type { components, operations, paths } from "./openapi.js";
export { BillingOperator, type BillingOperatorOptions } from "./operator.js";
export type { AccountChange, AccountFilter } from "./operator-accounts.js";
export type * from "./operator-answers.js";
export { type PagedList } from "./pages.js";
export type {
  BatchOptions, CallOptions, ChargeOptions, CommonFields, Delivered, FailReason, GenerationFilter, GenerationRequest, HistoryFilter, Listing, Settlement,
} from "./requests.js";
export type { RetryOptions } from "./retry.js";
export { GenerationFailure, type RunOptions, type RunResult, UnsettledError, type Work } from "./run.js";
export type { Fetch } from "./sender.js";
export { verifyWebhook, type VerifyOptions, type WebhookHeaders, WebhookVerificationError } from "./verify-webhook.js";
