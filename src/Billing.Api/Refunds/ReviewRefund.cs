using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Generations;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Refunds;

/// <summary><c>POST /admin/refunds/{id}/approve</c>: the queue carries it out.</summary>
public static class ApproveRefund
{
    public const string Route = "api/v1/admin/refunds/{id}/approve";

    public static readonly ApiEndpoint Endpoint = new("ApproveRefund", "POST", Route, Access.Operator, request => ReviewRefund.HandleAsync(request, approve: true));
}

/// <summary><c>POST /admin/refunds/{id}/deny</c></summary>
public static class DenyRefund
{
    public const string Route = "api/v1/admin/refunds/{id}/deny";

    public static readonly ApiEndpoint Endpoint = new("DenyRefund", "POST", Route, Access.Operator, request => ReviewRefund.HandleAsync(request, approve: false));
}

internal static class ReviewRefund
{
    public static async Task<IResult> HandleAsync(ApiRequest request, bool approve)
    {
        var id = request.Route("id");
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        if (!Ids.TryParse("rfd", id, out var workspaceId, out _))
        {
            return request.Refuse(Refusal.NotFound("refund"));
        }

        var work = new Work<Refund>((unit, _) => RefundDecisions.Review(unit, id, approve)) { Reads = RefundDecisions.RowKeysOfRefund(id) };
        return await request.DecideAsync(workspaceId, work, refund => new Reply(StatusCodes.Status200OK, ApiJson.Write(RefundView.Of(refund)))).ConfigureAwait(false);
    }
}
