using Billing.Api.Http;
using Billing.Api.Keys;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>PUT /admin/api-keys/{id}/rate-limit</c>: raises or lowers the limit of one key; null gives it the plan's back.</summary>
public static class SetKeyLimit
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("SetKeyLimit", "PUT", Routes.AdminKeyLimit, Access.Operator, HandleAsync);

    private const int Most = 10_000;

    private static async Task<IResult> HandleAsync(Call call)
    {
        var limit = call.Body.Whole("limit", 1, Most);
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        var changed = await call.Backend.Keys.ChangeAsync(call.Route("id"), key => key with { RateLimit = (int?)limit }, call.Cancellation).ConfigureAwait(false);
        call.Backend.KeyCache.Forget(call.Route("id"));
        return changed is null ? call.Refuse(Refusal.NotFound("API key")) : JsonReply.Of(ApiKeyView.Of(changed));
    }
}
