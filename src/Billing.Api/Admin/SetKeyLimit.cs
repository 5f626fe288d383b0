using Billing.Api.Http;
using Billing.Api.Keys;
using Billing.Engine.Committing;
using Billing.Keys;
using Billing.RateLimits;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>PUT /admin/api-keys/{id}/rate-limit</c>: raises or lowers the limit of one key; null gives it the plan's back. A raise never holds back a larger plan.</summary>
public static class SetKeyLimit
{
    public const string Route = "api/v1/admin/api-keys/{id}/rate-limit";

    public static readonly ApiEndpoint Endpoint = new("SetKeyLimit", "PUT", Route, Access.Operator, HandleAsync);

    /// <summary>What the key's plan gives it now.</summary>
    private static int PlannedFor(ApiRequest request, Workspace home, ApiKey key) =>
        RateHit.PlannedFor(home, request.Backend.Catalogs[key.Product], key.Environment == KeyEnvironment.Test).Limit;

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        // A workspace that was read has a catalog that knows its plan.
        if (await request.Backend.Keys.FindAsync(request.Route("id"), request.Cancellation).ConfigureAwait(false) is not { } known
            || await request.Backend.Writer.ReadAsync(known.HomeWorkspaceId, request.Cancellation).ConfigureAwait(false) is not { } home)
        {
            return request.Refuse(Refusal.NotFound("API key"));
        }

        var limit = request.Body.Whole("limit", 1, RateLimit.MostOf(request.Backend.Catalogs[known.Product].Base.Limits.Rate.Kind), required: false);
        if (!request.Body.Contains("limit"))
        {
            request.Body.Reject("limit", "is required; null gives the plan's limit back");
        }

        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        var raised = limit > PlannedFor(request, home, known) ? true : (bool?)null;
        var changed = await request.Backend.Keys.ChangeAsync(known.Id, key => key with { RateLimit = (int?)limit, Raised = raised }, request.Cancellation).ConfigureAwait(false);
        request.Backend.KeyCache.Forget(known.Id);
        return changed is null ? request.Refuse(Refusal.NotFound("API key")) : JsonReply.Of(ApiKeyView.Of(changed));
    }
}
