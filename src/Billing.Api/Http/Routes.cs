namespace Billing.Api.Http;

/// <summary>Every route, written once: the Host maps them, the Functions app names them in its triggers.</summary>
public static class Routes
{
#pragma warning disable CS1591 // the routes say it
    public const string Credits = "api/v1/credits";
    public const string Balance = "api/v1/credits/balance";
    public const string History = "api/v1/credits/history";
    public const string Workspaces = "api/v1/workspaces";
    public const string Plans = "api/v1/plans";
    public const string Quote = "api/v1/generations/quote";
    public const string Check = "api/v1/generations/check";
    public const string Generations = "api/v1/generations";
    public const string Batch = "api/v1/generations/batch";
    public const string Generation = "api/v1/generations/{id}";
    public const string Complete = "api/v1/generations/{id}/complete";
    public const string Fail = "api/v1/generations/{id}/fail";
    public const string Heartbeat = "api/v1/generations/{id}/heartbeat";
    public const string Refunds = "api/v1/refunds";
    public const string Refund = "api/v1/refunds/{id}";
    public const string Webhooks = "api/v1/webhooks";
    public const string Webhook = "api/v1/webhooks/{id}";
    public const string WebhookTest = "api/v1/webhooks/{id}/test";
    public const string WebhookRotate = "api/v1/webhooks/{id}/rotate";
    public const string WebhookDeliveries = "api/v1/webhooks/{id}/deliveries";
    public const string WebhookReplay = "api/v1/webhooks/{id}/deliveries/{deliveryId}/replay";
    public const string ApiKeys = "api/v1/api-keys";
    public const string ApiKey = "api/v1/api-keys/{id}";
    public const string VerifyKey = "api/v1/keys/verify";
    public const string Invoices = "api/v1/invoices";
    public const string OpenApi = "api/v1/openapi.json";
    public const string Health = "health";
    public const string Dashboard = "dashboard";
    public const string OperatorPage = "operator";
    public const string Reference = "reference";
    public const string Asset = "assets/{file}";
    public const string DevClock = "dev/clock";

    public const string AdminAccounts = "api/v1/admin/accounts";
    public const string AdminSessions = "api/v1/admin/sessions";
    public const string AdminWorkspaces = "api/v1/admin/workspaces";
    public const string AdminWorkspace = "api/v1/admin/workspaces/{id}";
    public const string AdminLedger = "api/v1/admin/workspaces/{id}/ledger";
    public const string AdminRefunds = "api/v1/admin/workspaces/{id}/refunds";
    public const string AdminMembers = "api/v1/admin/workspaces/{id}/members";
    public const string AdminSubscription = "api/v1/admin/workspaces/{id}/subscription";
    public const string AdminPayments = "api/v1/admin/workspaces/{id}/payments";
    public const string AdminTopUps = "api/v1/admin/workspaces/{id}/top-ups";
    public const string AdminReversal = "api/v1/admin/workspaces/{id}/top-ups/{topUpId}/reverse";
    public const string AdminGrants = "api/v1/admin/workspaces/{id}/grants";
    public const string AdminInvoices = "api/v1/admin/workspaces/{id}/invoices";
    public const string AdminAudit = "api/v1/admin/workspaces/{id}/audit";
    public const string AdminApprove = "api/v1/admin/refunds/{id}/approve";
    public const string AdminDeny = "api/v1/admin/refunds/{id}/deny";
    public const string AdminKeyLimit = "api/v1/admin/api-keys/{id}/rate-limit";
    public const string AdminPoison = "api/v1/admin/poison";
    public const string AdminPoisonRetry = "api/v1/admin/poison/{id}/retry";
    public const string AdminRenewals = "api/v1/admin/jobs/renewals";
    public const string AdminOverageCharges = "api/v1/admin/jobs/overage-charges";
    public const string AdminExpirations = "api/v1/admin/jobs/expirations";
#pragma warning restore CS1591
}
