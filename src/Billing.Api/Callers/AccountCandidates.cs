using System.Collections.Immutable;
using Billing.Accounts;

namespace Billing.Api.Callers;

/// <summary>The accounts that have an id of the seller's, at most one per product.</summary>
/// <param name="Product">The product that the request asks for; null where it does not say.</param>
/// <param name="Links">By product.</param>
internal sealed record AccountCandidates(string? Product, ImmutableSortedDictionary<string, ExternalLink> Links)
{
    /// <summary>The service as the caller for the one account that is meant.</summary>
    public Outcome<Caller> Choose(Caller service)
    {
        ImmutableArray<string> products = [.. Links.Keys.Where(product => service.Reach.Includes(product) && (Product is null || product == Product))];
        return products switch
        {
            [] => Refusal.NotFound("customer"),
            [var product] => Of(service, product, Links[product]),
            _ => Refusal.Invalid(NamedCustomer.ProductHeader, $"is required: several products know this id: {string.Join(", ", products)}"),
        };
    }

    /// <summary>The service as the caller for an account.</summary>
    public static Caller Of(Caller service, string product, ExternalLink link) =>
        service with { AccountId = link.AccountId, HomeWorkspaceId = link.WorkspaceId, Product = product, Candidates = null, IsNewcomer = false };
}
