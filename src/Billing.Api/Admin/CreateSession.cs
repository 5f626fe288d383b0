using Billing.Accounts;
using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>POST /admin/sessions</c>: a session token for a customer's dashboard.</summary>
public static class CreateSession
{
    public const string Route = "api/v1/admin/sessions";

    public static readonly ApiEndpoint Endpoint = new("CreateSession", "POST", Route, Access.Operator, HandleAsync) { ShowsSecret = true };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var accountId = request.Body.Text("account_id", 100) ?? "";
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        if (!Ids.IsWellFormed("acct", accountId) || await request.Backend.Accounts.FindAsync(accountId, request.Cancellation).ConfigureAwait(false) is not { } account)
        {
            return request.Refuse(AccountCall.NotFound);
        }

        if (account.ClosedAt is not null)
        {
            return request.Refuse(Refusal.Conflict("The account was closed; nobody signs in to it any more."));
        }

        var (token, expiresAt) = await request.Backend.Sessions.BeginAsync(accountId, new Session(request.NewKey(), request.Now), request.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new SessionView(token, accountId, expiresAt), StatusCodes.Status201Created);
    }
}

/// <summary>The answer of <c>POST /admin/sessions</c>.</summary>
public sealed record SessionView(string Token, string AccountId, DateTimeOffset ExpiresAt);
