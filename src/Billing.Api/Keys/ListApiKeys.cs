using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Keys;

/// <summary><c>GET /api-keys</c></summary>
public static class ListApiKeys
{
    public const string Route = "api/v1/api-keys";

    public static readonly ApiEndpoint Endpoint = new("ListApiKeys", "GET", Route, Access.Session, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var keys = await request.Backend.Keys.ListAsync(request.Caller.AccountId!, request.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new ApiKeysView([.. keys.Select(key => ApiKeyView.Of(key))]));
    }
}
