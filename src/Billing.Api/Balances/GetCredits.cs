using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Balances;

/// <summary><c>GET /credits</c>: what can be spent, by kind.</summary>
public static class GetCredits
{
    public const string Route = "api/v1/credits";

    public static readonly ApiEndpoint Endpoint = new("GetCredits", "GET", Route, Access.Reader, HandleAsync) { Query = ["workspaceId"] };

    private static async Task<IResult> HandleAsync(ApiRequest request) =>
        await WorkspaceReading.ReadAsync(request, workspace => CreditsView.Of(workspace, request.Caller.TestMode, request.Now)).ConfigureAwait(false);
}

/// <summary><c>GET /credits/balance</c>: the same for Bluma's clients.</summary>
public static class GetBalance
{
    public const string Route = "api/v1/credits/balance";

    public static readonly ApiEndpoint Endpoint = new("GetBalance", "GET", Route, Access.Reader, HandleAsync) { Query = ["workspaceId"] };

    private static async Task<IResult> HandleAsync(ApiRequest request) =>
        await WorkspaceReading.ReadAsync(request, workspace => BalanceView.Of(workspace, request.Now)).ConfigureAwait(false);
}
