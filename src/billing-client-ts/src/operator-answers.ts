import type { components } from "./openapi.js";

type Schemas = components["schemas"];

export type CreatedAccount = Schemas["CreatedAccount"];
export type Subscription = Schemas["Subscription"];
export type PaymentReport = Schemas["PaymentReport"];
export type TopUp = Schemas["TopUp"];
export type Grant = Schemas["Grant"];
export type Adjustment = Schemas["Adjustment"];
export type Session = Schemas["Session"];
export type WorkspaceAccount = Schemas["WorkspaceAccount"];

/** A customer of one product. */
export interface Account {
  account_id: string;
  workspace_id: string;
  external_id: string | null;
  name: string;
  email: string | null;
  product: string;
  plan: string | null;
  plan_status: Schemas["PlanStatus"];
  created_at: string;
  /** There once it is closed. */
  closed_at?: string | null;
}

export interface Accounts {
  accounts: Account[];
  next_cursor: string | null;
}

/** Something that happened to a customer, as the seller hears of it. */
export interface SellerEvent {
  id: string;
  type: string;
  timestamp: string;
  workspace_id: string;
  external_id: string | null;
  /** Counts the workspace's events. */
  sequence: number;
  data: Record<string, unknown>;
}

export interface SellerEvents {
  events: SellerEvent[];
  /** Where to go on; there is always one. */
  next: string;
}

/** Where the seller hears of every customer's events. */
export interface SellerWebhook {
  id: string;
  url: string;
  events: string[];
}

/** The secret is shown this once. */
export type CreatedSellerWebhook = SellerWebhook & { secret: string };

export interface ImportRow {
  readonly external_id: string;
  readonly name: string;
  readonly email?: string | undefined;
  readonly product: string;
  readonly plan?: string | undefined;
  /** The billing anniversary that it keeps. */
  readonly started_at?: string | undefined;
  /** Of a plan where they are chosen: credits a month. */
  readonly credits?: number | undefined;
  readonly plan_credits_left?: number | undefined;
  readonly grants?: readonly ImportGrant[] | undefined;
}

export interface ImportGrant {
  readonly credits: number;
  readonly expires_at?: string | undefined;
  readonly paid?: Schemas["Money"] | undefined;
}

/** What came, or would come, of an import. */
export interface ImportReport {
  dry_run: boolean;
  totals: { rows: number; created: number; unchanged: number; refused: number; credits: number };
  results: ImportResult[];
  /** Of the workspaces that were made: those whose books do not add up. */
  audit: { workspaces: number; failed: string[] };
}

export interface ImportResult {
  index: number;
  external_id: string;
  status: "created" | "unchanged" | "refused";
  account_id?: string;
  workspace_id?: string;
  credits?: number;
  code?: string;
  detail?: string;
  errors?: Record<string, string[]>;
}
