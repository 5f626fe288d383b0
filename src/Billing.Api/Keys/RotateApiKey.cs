using Billing.Api.Http;
using Billing.Keys;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Keys;

/// <summary><c>POST /api-keys/{id}/rotate</c>: a new key in the place of one that works, shown once. The former one works on while they overlap.</summary>
public static class RotateApiKey
{
    public const string Route = "api/v1/api-keys/{id}/rotate";

    public static readonly ApiEndpoint Endpoint = new("RotateApiKey", "POST", Route, Access.Session, HandleAsync) { ShowsSecret = true };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var overlap = request.Body.Whole("overlap_seconds", 0, (long)KeyRotation.LongestOverlap.TotalSeconds, required: false) ?? 0;
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        var former = await request.Backend.Keys.FindAsync(request.Route("id"), request.Cancellation).ConfigureAwait(false);
        if (former is null || former.AccountId != request.Caller.AccountId || !await request.Backend.KeyCache.WorksAsync(former, request.Cancellation).ConfigureAwait(false))
        {
            return request.Refuse(Refusal.NotFound("API key"));
        }

        var text = ApiKeySecret.New(former.Product, former.Environment, request.Random(ApiKeySecret.RandomBytes));
        var key = KeyRotation.SuccessorOf(former, text, request.Now);
        var rotated = await request.Backend.Keys.RotateAsync(former, key, TimeSpan.FromSeconds(overlap), request.Caller.HomeWorkspaceId!, request.Cancellation).ConfigureAwait(false);
        request.Backend.KeyCache.Forget(former.Id);
        return rotated.TryGet(out _, out var refusal) ? JsonReply.Of(ApiKeyView.Of(key, text), StatusCodes.Status201Created) : request.Refuse(refusal);
    }
}
