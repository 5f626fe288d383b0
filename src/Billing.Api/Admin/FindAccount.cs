using System.Collections.Immutable;
using Billing.Accounts;
using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/accounts?external_id=</c>: the accounts with the seller's id, at most one per product.</summary>
public static class FindAccount
{
    public const string Route = "api/v1/admin/accounts";

    public static readonly ApiEndpoint Endpoint = new("FindAccount", "GET", Route, Access.Operator, HandleAsync) { Query = ["external_id"] };

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (request.Query("external_id") is not { Length: > 0 and <= 200 } externalId)
        {
            return request.Refuse(Refusal.Invalid("external_id", "is required"));
        }

        var found = await Task.WhenAll(request.Backend.Catalogs.Known.Select(catalog => FindAsync(request, catalog.Product, externalId))).ConfigureAwait(false);
        return JsonReply.Of(new AccountsView([.. found.OfType<Account>().Select(AccountView.Of)]));
    }

    private static async Task<Account?> FindAsync(ApiRequest request, string product, string externalId) =>
        await request.Backend.Accounts.FindLinkAsync(product, externalId, request.Cancellation).ConfigureAwait(false) is { } link
            ? await request.Backend.Accounts.FindAsync(link.AccountId, request.Cancellation).ConfigureAwait(false)
            : null;
}

/// <summary>The answer of <c>GET /admin/accounts</c>.</summary>
public sealed record AccountsView(ImmutableArray<AccountView> Accounts);

/// <summary>An account as operators see it.</summary>
public sealed record AccountView(string AccountId, string Product, string Name, string Email, string? ExternalId, string WorkspaceId, DateTimeOffset CreatedAt)
{
    internal static AccountView Of(Account account) =>
        new(account.AccountId, account.Product, account.Name, account.Email, account.ExternalId, account.WorkspaceId, account.CreatedAt);
}
