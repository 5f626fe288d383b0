using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Subscriptions;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/workspaces/{id}/grants</c>: bonus credits, as goodwill.</summary>
public static class CreateGrant
{
    public const string Route = "api/v1/admin/workspaces/{id}/grants";

    public static readonly ApiEndpoint Endpoint = new("CreateGrant", "POST", Route, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(ApiRequest request)
    {
        var command = new GiveCredits(request.Body.Credits("credits") ?? Credits.Zero, request.Body.Instant("expires_at", required: false), request.Body.Prose("reason", 200) ?? "");
        var work = new Work<LedgerEntry>((unit, _) => WorkspaceDecisions.Give(unit, command));
        return AdminWork.DecideAsync(request, work, entry => GrantView.Of(entry, request.Route("id"), command), StatusCodes.Status201Created);
    }
}

/// <summary><c>POST /admin/workspaces/{id}/adjustments</c>: a correction of the balance, up or down.</summary>
public static class CreateAdjustment
{
    public const string Route = "api/v1/admin/workspaces/{id}/adjustments";

    public static readonly ApiEndpoint Endpoint = new("CreateAdjustment", "POST", Route, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(ApiRequest request)
    {
        var command = new AdjustCredits(request.Body.SignedCredits("credits") ?? Credits.Zero, request.Body.Prose("reason", 200) ?? "");
        var work = new Work<LedgerEntry>((unit, catalog) => WorkspaceDecisions.Adjust(unit, catalog, command));
        return AdminWork.DecideAsync(
            request, work, entry => new AdjustmentView(entry.IdIn(request.Route("id")), entry.Amount, entry.Description, entry.BalanceAfter, entry.CreatedAt), StatusCodes.Status201Created);
    }
}

/// <summary>An adjustment as operators see it.</summary>
public sealed record AdjustmentView(string TransactionId, Credits Credits, string Reason, Credits BalanceAfter, DateTimeOffset CreatedAt);

/// <summary>A grant as operators see it.</summary>
public sealed record GrantView(string TransactionId, Credits Credits, DateTimeOffset? ExpiresAt, string Reason, Credits BalanceAfter, DateTimeOffset CreatedAt)
{
    internal static GrantView Of(LedgerEntry entry, string workspaceId, GiveCredits command) =>
        new(entry.IdIn(workspaceId), command.Credits, command.ExpiresAt, command.Reason, entry.BalanceAfter, entry.CreatedAt);
}
