using Billing.Accounts;
using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.SignIn;

/// <summary><c>POST /session</c>: signs in with an API key. The token may do what the key may, and ends with it.</summary>
public static class OpenSession
{
    public const string Route = "api/v1/session";

    public static readonly ApiEndpoint Endpoint = new("OpenSession", "POST", Route, Access.Key, HandleAsync) { Rate = RateCounting.Never, ShowsSecret = true };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        var caller = request.Caller;
        var session = new Session(request.NewKey(), request.Now) { KeyId = caller.Key!.Id };
        var (token, expiresAt) = await request.Backend.Sessions.BeginAsync(caller.AccountId!, session, request.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new OpenedSessionView(token, caller.AccountId!, caller.HomeWorkspaceId!, caller.TestMode, expiresAt), StatusCodes.Status201Created);
    }
}

/// <summary><c>DELETE /session</c>: signs out. The token works no longer, here at once and everywhere within 30 seconds.</summary>
public static class CloseSession
{
    public const string Route = "api/v1/session";

    public static readonly ApiEndpoint Endpoint = new("CloseSession", "DELETE", Route, Access.Session | Access.KeySession, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        await request.Backend.Sessions.EndAsync(request.Caller.AccountId!, request.Caller.SessionId!, request.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new ClosedSessionView(SignedOut: true));
    }
}

/// <summary>The answer of <c>POST /session</c>.</summary>
/// <param name="Token">Shown once.</param>
/// <param name="AccountId">Whose it is.</param>
/// <param name="WorkspaceId">The key's.</param>
/// <param name="TestMode">True when it was made with a test key.</param>
/// <param name="ExpiresAt">Until when it works.</param>
public sealed record OpenedSessionView(string Token, string AccountId, string WorkspaceId, bool TestMode, DateTimeOffset ExpiresAt);

/// <summary>The answer of <c>DELETE /session</c>.</summary>
public sealed record ClosedSessionView(bool SignedOut);
