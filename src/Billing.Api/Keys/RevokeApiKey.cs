using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Keys;

/// <summary><c>DELETE /api-keys/{id}</c>: it works no longer, here at once and everywhere within 30 seconds.</summary>
public static class RevokeApiKey
{
    public const string Route = "api/v1/api-keys/{id}";

    public static readonly ApiEndpoint Endpoint = new("RevokeApiKey", "DELETE", Route, Access.Session, HandleAsync);

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var id = request.Route("id");
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        var key = await request.Backend.Keys.FindAsync(id, request.Cancellation).ConfigureAwait(false);
        if (key is null || key.AccountId != request.Caller.AccountId)
        {
            return request.Refuse(Refusal.NotFound("API key"));
        }

        var revoked = await request.Backend.Keys.RevokeAsync(id, request.Caller.HomeWorkspaceId!, request.Cancellation).ConfigureAwait(false);
        request.Backend.KeyCache.Forget(id);
        return JsonReply.Of(ApiKeyView.Of(revoked!));
    }
}
