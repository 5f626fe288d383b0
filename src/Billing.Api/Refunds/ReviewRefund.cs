using Billing.Api.Http;
using Billing.Refunds;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Refunds;

/// <summary><c>POST /admin/refunds/{id}/approve</c>: the queue carries it out.</summary>
public static class ApproveRefund
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("ApproveRefund", "POST", Routes.AdminApprove, Access.Operator, call => ReviewRefund.HandleAsync(call, approve: true));
}

/// <summary><c>POST /admin/refunds/{id}/deny</c></summary>
public static class DenyRefund
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("DenyRefund", "POST", Routes.AdminDeny, Access.Operator, call => ReviewRefund.HandleAsync(call, approve: false));
}

internal static class ReviewRefund
{
    public static async Task<IResult> HandleAsync(Call call, bool approve)
    {
        var id = call.Route("id");
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        if (!Ids.TryParse("rfd", id, out var workspaceId, out _))
        {
            return call.Refuse(Refusal.NotFound("refund"));
        }

        var work = new Work<Refund>((draft, _) => RefundDecisions.Review(draft, id, approve)) { Reads = [Refund.Prefix + id] };
        return await call.DecideAsync(workspaceId, work, refund => new Reply(StatusCodes.Status200OK, ApiJson.Write(RefundView.Of(refund)))).ConfigureAwait(false);
    }
}
