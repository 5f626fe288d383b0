using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Generations;
using Billing.Keys;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Keys;

/// <summary><c>POST /keys/verify</c>: authenticates a customer's key and counts one request, for the seller's endpoints that cost no credits.</summary>
public static class VerifyKey
{
    public const string Route = "api/v1/keys/verify";

    public static readonly ApiEndpoint Endpoint = new("VerifyKey", "POST", Route, Access.Service, HandleAsync)
    {
        Rate = RateCounting.Never,
        ServiceAlone = true,
    };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        var text = request.Body.Text("key", 200) ?? "";
        if (request.Body.Refusal() is { } mistakes)
        {
            return request.Refuse(mistakes);
        }

        if (!ApiKeySecret.TryParse(text, out var parsed)
            || await request.Backend.KeyCache.FindAsync(parsed, request.Cancellation).ConfigureAwait(false) is not { } key
            || !request.Caller.Reach.Includes(key.Product))
        {
            return JsonReply.Of(new VerifiedView(false, RefusalCodes.Unauthorized, null, null, ImmutableSortedDictionary<string, Scalar>.Empty));
        }

        var testMode = key.Environment == KeyEnvironment.Test;
        var work = new Work<ImmutableSortedDictionary<string, Scalar>>((unit, catalog) =>
        {
            unit.RateTaken = 1;
            return catalog.EntitlementsOf(AdmitDecision.PlanOf(unit.Workspace, catalog), testMode);
        })
        {
            Rate = request.HitOf(key) with { Generations = 1 },
            ReadsAccount = false,
        };
        var done = await request.Backend.Writer.SubmitAsync(key.HomeWorkspaceId, work).ConfigureAwait(false);
        request.Tell(done?.Rate);
        return done?.Outcome is { } outcome && outcome.TryGet(out var entitlements, out _)
            ? JsonReply.Of(new VerifiedView(true, null, key.HomeWorkspaceId, key.Environment, entitlements))
            : JsonReply.Of(new VerifiedView(false, RefusalCodes.TooManyRequests, key.HomeWorkspaceId, key.Environment, ImmutableSortedDictionary<string, Scalar>.Empty));
    }
}

/// <summary>The answer of <c>POST /keys/verify</c>.</summary>
/// <param name="Valid">Whether the request may go on.</param>
/// <param name="Code">Why not; null when it may.</param>
/// <param name="WorkspaceId">The workspace that the key was made for.</param>
/// <param name="Environment">Production or test.</param>
/// <param name="Entitlements">What the plan grants.</param>
public sealed record VerifiedView(bool Valid, string? Code, string? WorkspaceId, KeyEnvironment? Environment, ImmutableSortedDictionary<string, Scalar> Entitlements);
