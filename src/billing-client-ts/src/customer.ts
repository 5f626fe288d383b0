/** The account that is opened when nobody has the external id yet. */
export interface NewAccount {
  readonly product: string;
  /** For people; the external id where it is left out. */
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** The product's default or a free one. */
  readonly plan?: string | undefined;
}

/** By the API key that it sent. */
export interface CustomerByKey {
  readonly apiKey: string;
}

/** By its workspace, where the service has a sign-in of its own: no API key is needed. */
export interface CustomerByWorkspace {
  /** `ws_…` */
  readonly workspaceId: string;
  /** What a test key would be: the same checks, and nothing is charged. */
  readonly testMode?: boolean | undefined;
}

/** By the seller's own id of it. */
export interface CustomerByExternalId {
  readonly externalId: string;
  /** Needed where several products know the id. */
  readonly product?: string | undefined;
  /** What a test key would be: the same checks, and nothing is charged. */
  readonly testMode?: boolean | undefined;
  /** Opens the account at first sight. Heeded by `admit`, `admitBatch` and `run`. */
  readonly create?: NewAccount | undefined;
}

/** The customer that a call is for. `"self"`: whose credential the client itself was given, such as the session token of the customer in whose browser it runs. */
export type Customer = CustomerByKey | CustomerByWorkspace | CustomerByExternalId | "self";

/** The headers that name the customer. */
export function headersOf(customer: Customer): Record<string, string | undefined> {
  if (customer === "self") {
    return {};
  }

  const { apiKey, workspaceId, externalId, product, testMode }: Partial<CustomerByKey & CustomerByWorkspace & CustomerByExternalId> = customer;
  const names = [apiKey, workspaceId, externalId].filter((name) => name !== undefined);
  if (names.length !== 1 || typeof names[0] !== "string" || names[0] === "") {
    // Without types an id that is undefined would be sent as the word: somebody else's, or one account for all.
    throw new TypeError("A customer is named by one of apiKey, workspaceId and externalId.");
  }

  return {
    "X-Api-Key": apiKey,
    "X-Workspace-Id": workspaceId,
    "X-External-Id": externalId === undefined ? undefined : encodeURIComponent(externalId),
    "X-Product": product,
    "X-Test-Mode": testMode === true ? "true" : undefined,
  };
}

/** What an admit's body says of an account that is not there yet. */
export function createOf(customer: Customer): { create?: NewAccount } {
  return customer !== "self" && "externalId" in customer && customer.create !== undefined ? { create: customer.create } : {};
}
