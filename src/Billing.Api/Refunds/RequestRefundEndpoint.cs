using Billing.Api.Http;
using Billing.Generations;
using Billing.Refunds;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Refunds;

/// <summary><c>POST /refunds</c>: asks for a refund that an operator decides.</summary>
public static class RequestRefundEndpoint
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("RequestRefund", "POST", Routes.Refunds, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var command = new RequestRefund(
            call.Body.RequiredText("generation_id", 100),
            call.Body.Choice("reason", [.. RefundReasons.Reviewed, .. RefundReasons.NotEligible]),
            call.Body.Text("note", 2_000));
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        if (!Ids.TryParse("gen", command.GenerationId, out var workspaceId, out var key)
            || await call.WorkspaceAsync(workspaceId).ConfigureAwait(false) is not Outcome<string>.Accepted)
        {
            return call.Refuse(Refusal.NotFound("generation"));
        }

        var (running, settled) = SettleDecisions.RowKeysOf(key);
        var work = new Work<Refund>((draft, _) => RefundDecisions.Request(draft, command))
        {
            Reads = [running, settled, .. RefundDecisions.RowKeysOf(command.GenerationId)],
        };
        return await call.DecideAsync(workspaceId, work, refund => new Reply(StatusCodes.Status202Accepted, ApiJson.Write(RefundView.Of(refund)))).ConfigureAwait(false);
    }
}
