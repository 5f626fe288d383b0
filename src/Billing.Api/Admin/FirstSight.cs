using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Api.Callers;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Reading;

namespace Billing.Api.Admin;

/// <summary>The member <c>create</c> of an admission: how to open the account of a customer whom the service names by an id that nobody has yet.</summary>
internal static class FirstSight
{
    private const string Member = "create";

    /// <summary>Reads it, and notes its mistakes; null where it is left out or wrong.</summary>
    public static NewAccount? Read(ObjectReader body, Caller caller, CatalogSet catalogs)
    {
        if (!body.Has(Member))
        {
            return null;
        }

        if (caller.ExternalId is not { } externalId)
        {
            body.Reject(Member, $"comes with {NamedCustomer.ExternalHeader}");
            return null;
        }

        var create = body.Object(Member);
        var product = create.OneOf("product", [.. catalogs.All.Select(catalog => catalog.Product).Where(caller.Reach.Includes)]);
        var (name, email, plan) = (create.AccountName(required: false), create.Email(required: false), create.Plan());
        create.RejectUnknown();
        if (product is null)
        {
            return null;
        }

        if (caller.Candidates?.Product is { } named && named != product)
        {
            create.Reject("product", $"contradicts {NamedCustomer.ProductHeader}");
        }

        ImmutableArray<string> free = [.. catalogs[product].Plans.Where(one => one.Free || one.Id == catalogs[product].DefaultPlan?.Id).Select(one => one.Id)];
        if (plan is not null && !free.Contains(plan))
        {
            create.Reject("plan", free.IsEmpty ? "must be left out: no plan is free" : $"must be the default or a free one: {string.Join(", ", free)}");
        }

        return new NewAccount(product, name ?? externalId, email ?? "", externalId, plan, Credits: null);
    }

    /// <summary>The service as the caller for the account that is meant, or for the one that is to be opened.</summary>
    public static Outcome<Caller> Choose(Caller service, AccountCandidates candidates, NewAccount? newcomer, Backend backend)
    {
        var meant = candidates with { Product = newcomer?.Product ?? candidates.Product };
        return newcomer is null || meant.Links.ContainsKey(newcomer.Product)
            ? meant.Choose(service)
            : AccountCandidates.Of(service, newcomer.Product, AccountIds.New(backend)) with { IsNewcomer = true };
    }

    /// <summary>Opens the account for the request.</summary>
    /// <returns>Its workspace.</returns>
    public static async Task<Outcome<string>> OpenAsync(ApiRequest request, NewAccount newcomer)
    {
        var own = new ExternalLink(request.Caller.AccountId!, request.Caller.HomeWorkspaceId!);
        if (!(await newcomer.AddAsync(request, own).ConfigureAwait(false)).TryGet(out var account, out var refused))
        {
            return refused;
        }

        if (!(await NewAccount.OpenAsync(request, account).ConfigureAwait(false)).TryGet(out _, out var closed))
        {
            return closed;
        }

        request.Become(account);
        return account.WorkspaceId;
    }
}
