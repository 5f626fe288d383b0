using System.Collections.Immutable;
using Billing.Api.Http;
using Billing.People;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/accounts?external_id=</c>: the accounts with the seller's id, at most one per product.</summary>
public static class FindAccount
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("FindAccount", "GET", Routes.AdminAccounts, Access.Operator, HandleAsync);

    private static async Task<IResult> HandleAsync(Call call)
    {
        if (call.Query("external_id") is not { Length: > 0 and <= 200 } externalId)
        {
            return call.Refuse(Refusal.Invalid("external_id", "is required"));
        }

        var found = await Task.WhenAll(call.Backend.Catalogs.All.Select(catalog => FindAsync(call, catalog.Product, externalId))).ConfigureAwait(false);
        return JsonReply.Of(new AccountsView([.. found.OfType<Person>().Select(AccountView.Of)]));
    }

    private static async Task<Person?> FindAsync(Call call, string product, string externalId) =>
        await call.Backend.People.FindLinkAsync(product, externalId, call.Cancellation).ConfigureAwait(false) is { } link
            ? await call.Backend.People.FindAsync(link.AccountId, call.Cancellation).ConfigureAwait(false)
            : null;
}

/// <summary>The answer of <c>GET /admin/accounts</c>.</summary>
public sealed record AccountsView(ImmutableArray<AccountView> Accounts);

/// <summary>An account as operators see it.</summary>
public sealed record AccountView(string AccountId, string Product, string Name, string Email, string? ExternalId, string WorkspaceId, DateTimeOffset CreatedAt)
{
    internal static AccountView Of(Person person) =>
        new(person.AccountId, person.Product, person.Name, person.Email, person.ExternalId, person.WorkspaceId, person.CreatedAt);
}
