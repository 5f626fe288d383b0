using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Generations;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Refunds;

/// <summary><c>POST /refunds</c>: asks for a refund that an operator decides.</summary>
public static class RequestRefundEndpoint
{
    public const string Route = "api/v1/refunds";

    public static readonly ApiEndpoint Endpoint = new("RequestRefund", "POST", Route, Access.Customer, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var command = new RequestRefund(
            request.Body.Text("generation_id", 100) ?? "",
            request.Body.OneOf("reason", [.. RefundReasons.Reviewed.Concat(RefundReasons.NotEligible).Order(StringComparer.Ordinal)]) ?? "",
            request.Body.Prose("note", 2_000, required: false));
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        if (!Ids.TryParse("gen", command.GenerationId, out var workspaceId, out var key)
            || !(await request.WorkspaceAsync(workspaceId).ConfigureAwait(false)).TryGet(out _, out _))
        {
            return request.Refuse(Refusal.NotFound("generation"));
        }

        var testMode = request.Caller.TestMode;
        var work = new Work<Refund>((unit, _) => SettleDecisions.TryFind(unit, command.GenerationId, out var admission, out var _) && !admission.IsShownTo(testMode)
            ? Refusal.NotFound("generation")
            : RefundDecisions.Request(unit, command))
        {
            Reads = [Admission.RowKeyOf(key), RefundDecisions.RowKeyOf(command.GenerationId)],
        };
        return await request.DecideAsync(workspaceId, work, refund => new Reply(StatusCodes.Status202Accepted, ApiJson.Write(RefundView.Of(refund)))).ConfigureAwait(false);
    }
}
