import type { components } from "./openapi.js";
import type { AnyProduct, Body } from "./requests.js";

type Schemas = components["schemas"];

export type CreatedAccount = Schemas["CreatedAccount"];
export type Subscription = Schemas["Subscription"];
export type PaymentReport = Schemas["PaymentReport"];
export type TopUp = Schemas["TopUp"];
export type Grant = Schemas["Grant"];
export type Adjustment = Schemas["Adjustment"];
export type Session = Schemas["Session"];
export type WorkspaceAccount = Schemas["WorkspaceAccount"];
export type Account = Schemas["Account"];
export type Accounts = Schemas["Accounts"];
export type SellerEvent = Schemas["SellerEvent"];
export type SellerEvents = Schemas["Events"];
export type SellerEventType = Schemas["SellerEventType"];
export type SellerWebhook = Schemas["SellerWebhook"];
export type CreatedSellerWebhook = Schemas["CreatedSellerWebhook"];
export type ImportRow = Omit<AnyProduct<Schemas["ImportRow"]>, "grants"> & { readonly grants?: readonly ImportGrant[] | undefined };
export type ImportGrant = Body<Schemas["ImportedGrant"]>;
/** What came, or would come, of an import. */
export type ImportReport = Schemas["Import"];
export type ImportResult = Schemas["ImportResult"];
