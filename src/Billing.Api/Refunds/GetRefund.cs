using Billing.Api.Http;
using Billing.Engine.Ports;
using Billing.Engine.Rows;
using Billing.Generations;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Refunds;

/// <summary><c>GET /refunds/{id}</c></summary>
public static class GetRefund
{
    public const string Route = "api/v1/refunds/{id}";

    public static readonly ApiEndpoint Endpoint = new("GetRefund", "GET", Route, Access.Reader, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        // Only what is live is ever refunded.
        var id = request.Route("id");
        if (request.Caller.TestMode || !Ids.TryParse("rfd", id, out var workspaceId, out _) || !(await request.WorkspaceAsync(workspaceId).ConfigureAwait(false)).TryGet(out _, out _))
        {
            return request.Refuse(Refusal.NotFound("refund"));
        }

        var row = await request.Backend.Store.ReadAsync(new Partition(Table.Ledger, workspaceId), Refund.Prefix + id, request.Cancellation).ConfigureAwait(false);
        return row is null ? request.Refuse(Refusal.NotFound("refund")) : JsonReply.Of(RefundView.Of(RowJson.Read<Refund>(row.Data)));
    }
}
