using Billing.Api.Admin;
using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Balances;

/// <summary><c>GET /invoices</c>: the customer's own overage invoices, as the operator sees them.</summary>
public static class GetInvoices
{
    public const string Route = "api/v1/invoices";

    public static readonly ApiEndpoint Endpoint = new("GetInvoices", "GET", Route, Access.Reader, HandleAsync) { Query = ["workspaceId"] };

    private static async Task<IResult> HandleAsync(ApiRequest request) =>
        (await request.QueriedWorkspaceAsync().ConfigureAwait(false)).TryGet(out var workspaceId, out var refusal)
            ? await ListInvoices.AnswerAsync(request, workspaceId).ConfigureAwait(false)
            : request.Refuse(refusal);
}
