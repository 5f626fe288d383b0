using Billing.Api.Http;
using Billing.Api.Keys;
using Billing.RateLimits;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>PUT /admin/api-keys/{id}/rate-limit</c>: raises or lowers the limit of one key; null gives it the plan's back.</summary>
public static class SetKeyLimit
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("SetKeyLimit", "PUT", Routes.AdminKeyLimit, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        if (await call.Backend.Keys.FindAsync(call.Route("id"), call.Cancellation).ConfigureAwait(false) is not { } known)
        {
            return call.Refuse(Refusal.NotFound("API key"));
        }

        var limit = call.Body.Whole("limit", 1, RateLimit.MostOf(call.Backend.Catalogs[known.Product].BaseLimits.Rate.Kind));
        if (!call.Body.Has("limit"))
        {
            call.Body.Reject("limit", "is required; null gives the plan's limit back");
        }

        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        var changed = await call.Backend.Keys.ChangeAsync(known.Id, key => key with { RateLimit = (int?)limit }, call.Cancellation).ConfigureAwait(false);
        call.Backend.KeyCache.Forget(known.Id);
        return changed is null ? call.Refuse(Refusal.NotFound("API key")) : JsonReply.Of(ApiKeyView.Of(changed));
    }
}
