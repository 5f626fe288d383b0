import type { components, webhooks } from "./openapi.js";
import type { AnswerInfo } from "./errors.js";
import type { Answer } from "./sender.js";

type Schemas = components["schemas"];

/** Why the backend refused. */
export type Problem = Schemas["Problem"];
export type ErrorCode = Schemas["ErrorCode"];
export type Money = Schemas["Money"];
export type Generation = Schemas["Generation"];
/** As admitting and settling tell it: with what is left in the workspace. */
export type GenerationWithCredits = Generation & { credits: number };
export type Batch = Schemas["Batch"];
export type BatchResult = Schemas["BatchResult"];
export type SettledGenerations = Schemas["SettledGenerations"];
export type SettleResult = Schemas["SettleResult"];
export type Quote = Schemas["Quote"];
export type Check = Schemas["Check"];
export type WorkspaceCredits = Schemas["WorkspaceCredits"];
export type Balance = Schemas["Balance"];
export type History = Schemas["History"];
export type Transaction = Schemas["Transaction"];
export type TransactionType = Schemas["TransactionType"];
export type Catalog = Schemas["Catalog"];
export type Refund = Schemas["Refund"];
export type Webhook = Schemas["Webhook"];
export type CreatedWebhook = Schemas["CreatedWebhook"];
export type Delivery = Schemas["Delivery"];
/** A page of generations, newest first. It may be short, or empty, and still be followed by others. */
export type Generations = Schemas["Generations"];

/** What admitting came to: charged, then generate it and settle it; or refused, and nothing was charged. */
export type Admission =
  | ({ readonly outcome: "admitted"; readonly generation: GenerationWithCredits } & AnswerInfo)
  | ({ readonly outcome: "refused"; readonly problem: Problem } & AnswerInfo);

/** The body of a webhook, told apart by its `type`. */
export type WebhookEvent = { [Type in keyof webhooks]: webhooks[Type]["post"]["requestBody"]["content"]["application/json"] }[keyof webhooks];

export type { Answer, AnswerInfo };
