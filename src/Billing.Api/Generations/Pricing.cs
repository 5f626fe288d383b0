using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Generations;

namespace Billing.Api.Generations;

/// <summary>Finds the workspace that a generation request is for, and what it wants.</summary>
internal static class Pricing
{
    /// <summary>Workspace, catalog and priced parameters of the body.</summary>
    public static async Task<Outcome<PricedRequest>> ReadAsync(ApiRequest call)
    {
        if (!call.Caller.IsCustomer)
        {
            return NoCustomer();
        }

        if (!(await call.WorkspaceAsync(call.Body.WorkspaceId()).ConfigureAwait(false)).TryGet(out var workspaceId, out _))
        {
            return call.Body.Mistakes.Refusal() ?? Refusal.NotFound("workspace");
        }

        // A workspace has the product of the account that uses it.
        var quoted = NamedQuote.In(call.Body, call.Backend.Quotes);
        var catalog = await OwnTemplates.AddAsync(call, call.Backend.Catalogs[call.Caller.Product!], workspaceId, [(call.Body, quoted)]).ConfigureAwait(false);
        var request = GenerationRequest.Read(call.Body, catalog, quoted);
        if (call.Body.Refusal() is { } mistakes)
        {
            return mistakes;
        }

        return request.Price(catalog, workspaceId, call.Now) is { } wanted
            ? new PricedRequest(workspaceId, catalog, wanted)
            : call.Body.Refusal()!;
    }

    public static Refusal NoCustomer() => new(RefusalCodes.Unauthorized, "The service must name the customer: in X-Api-Key, X-Workspace-Id or X-External-Id.");
}

/// <summary>A generation request that is understood.</summary>
internal sealed record PricedRequest(string WorkspaceId, Catalog Catalog, AdmitItem Wanted);
