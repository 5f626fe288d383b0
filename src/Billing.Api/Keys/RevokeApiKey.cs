using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Keys;

/// <summary><c>DELETE /api-keys/{id}</c>: it works no longer, here at once and everywhere within 30 seconds.</summary>
public static class RevokeApiKey
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("RevokeApiKey", "DELETE", Routes.ApiKey, Access.Session, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var id = call.Route("id");
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        var key = await call.Backend.Keys.FindAsync(id, call.Cancellation).ConfigureAwait(false);
        if (key is null || key.AccountId != call.Caller.AccountId)
        {
            return call.Refuse(Refusal.NotFound("API key"));
        }

        var revoked = await call.Backend.Keys.ChangeAsync(id, one => one with { RevokedAt = one.RevokedAt ?? call.Now }, call.Cancellation).ConfigureAwait(false);
        call.Backend.KeyCache.Forget(id);
        return JsonReply.Of(ApiKeyView.Of(revoked!));
    }
}
