using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Keys;

/// <summary><c>GET /api-keys</c></summary>
public static class ListApiKeys
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("ListApiKeys", "GET", Routes.ApiKeys, Access.Session, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var keys = await call.Backend.Keys.ListAsync(call.Caller.AccountId!, call.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new ApiKeysView([.. keys.Select(key => ApiKeyView.Of(key))]));
    }
}
