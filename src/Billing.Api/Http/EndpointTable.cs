using System.Collections.Immutable;
using Billing.Api.Admin;
using Billing.Api.Balances;
using Billing.Api.Development;
using Billing.Api.Generations;
using Billing.Api.Health;
using Billing.Api.Keys;
using Billing.Api.OpenApi;
using Billing.Api.Pages;
using Billing.Api.Plans;
using Billing.Api.Refunds;
using Billing.Api.Webhooks;
using Billing.Api.Workspaces;

namespace Billing.Api.Http;

/// <summary>Every endpoint: the Host maps these in a loop, the Functions app has a function for each.</summary>
public static class EndpointTable
{
    /// <summary>The endpoints of a deployment.</summary>
    public static readonly ImmutableArray<ApiEndpoint> All =
    [
        GetCredits.Endpoint, GetBalance.Endpoint, GetHistory.Endpoint, GetWorkspaces.Endpoint, GetPlans.Endpoint,
        QuoteGeneration.Endpoint, CheckGeneration.Endpoint, AdmitGeneration.Endpoint, AdmitBatch.Endpoint,
        GetGeneration.Endpoint, CompleteGeneration.Endpoint, FailGeneration.Endpoint, HeartbeatGeneration.Endpoint,
        RequestRefundEndpoint.Endpoint, GetRefund.Endpoint,
        CreateWebhook.Endpoint, ListWebhooks.Endpoint, DeleteWebhook.Endpoint, TestWebhook.Endpoint, RotateWebhook.Endpoint,
        ListDeliveries.Endpoint, ReplayDelivery.Endpoint,
        CreateApiKey.Endpoint, ListApiKeys.Endpoint, RevokeApiKey.Endpoint, VerifyKey.Endpoint,
        CreateAccountEndpoint.Endpoint, FindAccount.Endpoint, CreateSession.Endpoint, CreateWorkspace.Endpoint, AddMember.Endpoint, RemoveMember.Endpoint,
        PutSubscription.Endpoint, CancelSubscription.Endpoint, ReportPaymentEndpoint.Endpoint, CreateTopUp.Endpoint, ReverseTopUpEndpoint.Endpoint,
        CreateGrant.Endpoint, SetKeyLimit.Endpoint, ListInvoices.Endpoint, AuditWorkspace.Endpoint, ApproveRefund.Endpoint, DenyRefund.Endpoint,
        ListPoison.Endpoint, RetryPoison.Endpoint, RunRenewals.Endpoint, RunOverageCharges.Endpoint, RunExpirations.Endpoint,
        GetInvoices.Endpoint, GetWorkspaceAccount.Endpoint, GetWorkspaceLedger.Endpoint, ListRefunds.Endpoint,
        GetHealth.Endpoint, GetOpenApi.Endpoint, StaticPages.Dashboard, StaticPages.Operator, StaticPages.Reference, StaticPages.Asset,
    ];

    /// <summary>What a development clock adds.</summary>
    public static readonly ImmutableArray<ApiEndpoint> Development = [MoveClock.Endpoint];
}
