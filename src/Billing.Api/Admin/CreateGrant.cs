using Billing.Accounts;
using Billing.Api.Http;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/workspaces/{id}/grants</c>: bonus credits, as goodwill.</summary>
public static class CreateGrant
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("CreateGrant", "POST", Routes.AdminGrants, Access.Operator, HandleAsync);

    private static Task<IResult> HandleAsync(Call call)
    {
        var command = new GiveCredits(call.Body.RequiredCredits("credits"), call.Body.Instant("expires_at"), call.Body.RequiredText("reason", 200));
        var work = new Work<LedgerEntry>((draft, _) => AccountDecisions.Give(draft, command));
        return AdminWork.DecideAsync(call, work, entry => GrantView.Of(entry, command), StatusCodes.Status201Created);
    }
}

/// <summary>A grant as operators see it.</summary>
public sealed record GrantView(string TransactionId, Credits Credits, DateTimeOffset? ExpiresAt, string Reason, Credits BalanceAfter, DateTimeOffset CreatedAt)
{
    internal static GrantView Of(LedgerEntry entry, GiveCredits command) =>
        new(entry.Id, command.Credits, command.ExpiresAt, command.Reason, entry.BalanceAfter, entry.CreatedAt);
}
