using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/sessions</c>: a session token for a customer's dashboard.</summary>
public static class CreateSession
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("CreateSession", "POST", Routes.AdminSessions, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var accountId = call.Body.RequiredText("account_id", 100);
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        if (!Ids.IsWellFormed("acct", accountId) || await call.Backend.People.FindAsync(accountId, call.Cancellation).ConfigureAwait(false) is null)
        {
            return call.Refuse(Refusal.NotFound("account"));
        }

        var (token, expiresAt) = call.Backend.Sessions.Create(accountId);
        return JsonReply.Of(new SessionView(token, accountId, expiresAt), StatusCodes.Status201Created);
    }
}

/// <summary>The answer of <c>POST /admin/sessions</c>.</summary>
public sealed record SessionView(string Token, string AccountId, DateTimeOffset ExpiresAt);
