using Billing.Api.Admin;
using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Balances;

/// <summary><c>GET /invoices</c>: the customer's own overage invoices, as the operator sees them.</summary>
public static class GetInvoices
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("GetInvoices", "GET", Routes.Invoices, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call) =>
        await call.WorkspaceAsync(call.QueryWorkspace()).ConfigureAwait(false) is Outcome<string>.Accepted { Value: var workspaceId }
            ? await ListInvoices.AnswerAsync(call, workspaceId).ConfigureAwait(false)
            : call.Refuse(Refusal.NotFound("workspace"));
}
