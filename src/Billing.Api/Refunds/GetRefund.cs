using Billing.Api.Http;
using Billing.Refunds;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Refunds;

/// <summary><c>GET /refunds/{id}</c></summary>
public static class GetRefund
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("GetRefund", "GET", Routes.Refund, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var id = call.Route("id");
        if (!Ids.TryParse("rfd", id, out var workspaceId, out _) || await call.WorkspaceAsync(workspaceId).ConfigureAwait(false) is not Outcome<string>.Accepted)
        {
            return call.Refuse(Refusal.NotFound("refund"));
        }

        var row = await call.Backend.Ledger.ReadAsync(new Partition(Table.Ledger, workspaceId), Refund.Prefix + id, call.Cancellation).ConfigureAwait(false);
        return row is null ? call.Refuse(Refusal.NotFound("refund")) : JsonReply.Of(RefundView.Of(RowJson.Read<Refund>(row.Data)));
    }
}
