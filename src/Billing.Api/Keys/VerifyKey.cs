using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Keys;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Keys;

/// <summary><c>POST /keys/verify</c>: authenticates a customer's key and counts one request, for the seller's endpoints that cost no credits.</summary>
public static class VerifyKey
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("VerifyKey", "POST", Routes.VerifyKey, Access.Service, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        var text = call.Body.RequiredText("key", 200);
        if (call.Body.Mistakes is { } mistakes)
        {
            return call.Refuse(mistakes);
        }

        if (!KeyText.TryParse(text, out var parsed) || await call.Backend.KeyCache.FindAsync(parsed, call.Cancellation).ConfigureAwait(false) is not { } key)
        {
            return JsonReply.Of(new VerifiedView(false, Refusals.Unauthorized, null, null, ImmutableSortedDictionary<string, Scalar>.Empty));
        }

        var testMode = key.Environment == KeyEnvironment.Test;
        var work = new Work<ImmutableSortedDictionary<string, Scalar>>((draft, catalog) => catalog.EntitlementsOf(AdmitDecision.PlanOf(draft.Account, catalog), testMode))
        {
            Rate = call.HitOf(key),
            ReadsAccount = false,
        };
        var done = await call.Backend.Writer.SubmitAsync(key.HomeWorkspaceId, work).ConfigureAwait(false);
        foreach (var (name, value) in done?.Rate?.Headers.ToHttp() ?? [])
        {
            call.Http.Response.Headers[name] = value;
        }

        return done?.Outcome is Outcome<ImmutableSortedDictionary<string, Scalar>>.Accepted { Value: var entitlements }
            ? JsonReply.Of(new VerifiedView(true, null, key.HomeWorkspaceId, key.Environment, entitlements))
            : JsonReply.Of(new VerifiedView(false, Refusals.TooManyRequests, key.HomeWorkspaceId, key.Environment, ImmutableSortedDictionary<string, Scalar>.Empty));
    }
}

/// <summary>The answer of <c>POST /keys/verify</c>.</summary>
/// <param name="Valid">Whether the request may go on.</param>
/// <param name="Code">Why not; null when it may.</param>
/// <param name="WorkspaceId">The key's personal workspace.</param>
/// <param name="Environment">Production or test.</param>
/// <param name="Entitlements">What the plan grants.</param>
public sealed record VerifiedView(bool Valid, string? Code, string? WorkspaceId, KeyEnvironment? Environment, ImmutableSortedDictionary<string, Scalar> Entitlements);
