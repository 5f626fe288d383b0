using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Generations;

namespace Billing.Api.Generations;

/// <summary>Finds the workspace that a generation request is for, and what it wants.</summary>
internal static class Pricing
{
    /// <summary>Workspace, catalog and priced parameters of the body.</summary>
    public static async Task<Outcome<PricedRequest>> ReadAsync(Call call)
    {
        var request = GenerationRequest.Read(call.Body);
        if (!call.Caller.IsCustomer)
        {
            return NoCustomer();
        }

        if (call.Body.Mistakes is { } mistakes)
        {
            return mistakes;
        }

        if (await call.WorkspaceAsync(request.WorkspaceId).ConfigureAwait(false) is not Outcome<string>.Accepted { Value: var workspaceId })
        {
            return Refusal.NotFound("workspace");
        }

        // A workspace has the product of the account that uses it.
        var catalog = call.Backend.Catalogs[call.Caller.Product!];
        return request.Price(catalog, call.Backend.Quotes, workspaceId, call.Now) switch
        {
            Outcome<Wanted>.Accepted { Value: var wanted } => new PricedRequest(workspaceId, catalog, wanted),
            var declined => ((Outcome<Wanted>.Declined)declined).Refusal,
        };
    }

    public static Refusal NoCustomer() => new(Refusals.Unauthorized, "The service must pass on the customer's key in X-Api-Key.");
}

/// <summary>A generation request that is understood.</summary>
internal sealed record PricedRequest(string WorkspaceId, Catalog Catalog, Wanted Wanted);
