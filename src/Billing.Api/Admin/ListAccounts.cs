using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Accounts;
using Billing.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Admin;

/// <summary><c>GET /admin/accounts</c>: the accounts, newest first; with <c>external_id</c> those with the seller's id, at most one per product.</summary>
public static class ListAccounts
{
    public const string Route = "api/v1/admin/accounts";

    public static readonly ApiEndpoint Endpoint = new("ListAccounts", "GET", Route, Access.Operator, HandleAsync)
    {
        Query = ["external_id", "product", "plan", "status", "limit", "cursor"],
    };

    private const int Most = 200;
    private const int Default = 50;
    private static readonly ImmutableArray<string> Statuses = ["active", "canceled", "none", "paused"];

    private static async Task<IResult> HandleAsync(ApiRequest request)
    {
        if (request.Query("status") is { } status && !Statuses.Contains(status))
        {
            return request.Refuse(Refusal.Invalid("status", $"must be one of {string.Join(", ", Statuses)}"));
        }

        if (!PageRequest.LimitOf(request, Most, Default).TryGet(out var limit, out var tooMany))
        {
            return request.Refuse(tooMany);
        }

        if (request.Query("external_id") is { } externalId)
        {
            return externalId.Length is > 0 and <= AccountFields.LongestExternalId
                ? JsonReply.Of(new AccountsView([.. (await WithAsync(request, externalId).ConfigureAwait(false)).Where(Fits).Select(AccountView.Of)], null))
                : request.Refuse(Refusal.Invalid("external_id", $"must have 1 to {AccountFields.LongestExternalId} characters"));
        }

        if (!After(request.Query("cursor")).TryGet(out var after, out var wrong))
        {
            return request.Refuse(wrong);
        }

        ImmutableArray<string> products = [.. request.Backend.Catalogs.Known.Select(catalog => catalog.Product).Where(product => request.Query("product") is not { } asked || asked == product)];
        var (accounts, more) = await request.Backend.AccountIndex.ListAsync(
            products, request.Query("plan"), request.Query("status"), after.Place, limit, request.Cancellation).ConfigureAwait(false);
        return JsonReply.Of(new AccountsView([.. accounts.Select(AccountView.Of)], more ? PageRequest.CursorOf(accounts[^1].Place) : null));

        bool Fits(ListedAccount account) => (request.Query("product") ?? account.Product) == account.Product
            && (request.Query("plan") ?? account.Plan) == account.Plan && (request.Query("status") ?? account.PlanStatus) == account.PlanStatus;
    }

    private static async Task<IEnumerable<ListedAccount>> WithAsync(ApiRequest request, string externalId)
    {
        var links = await request.Backend.Accounts.FindLinksAsync(externalId, request.Cancellation).ConfigureAwait(false);
        var found = await Task.WhenAll(links.Values.Select(link => AccountCall.FindAsync(request, link.AccountId))).ConfigureAwait(false);
        return found.OfType<ListedAccount>();
    }

    private static Outcome<Cursor> After(string? cursor) => cursor is null ? new Cursor(null)
        : PageRequest.TextIn(cursor) is { } place && place.All(char.IsAsciiLetterOrDigit) ? new Cursor(place)
        : PageRequest.NotOne;

    /// <param name="Place">Of the last account on the page before; null for the first page.</param>
    private sealed record Cursor(string? Place);
}

/// <summary>The answer of <c>GET /admin/accounts</c>.</summary>
public sealed record AccountsView(ImmutableArray<AccountView> Accounts, string? NextCursor);

/// <summary>An account as operators see it.</summary>
/// <param name="Email">Null where none was given.</param>
/// <param name="Plan">Of its personal workspace; null without one.</param>
/// <param name="PlanStatus"><c>none | active | paused | canceled</c></param>
/// <param name="ClosedAt">When it was closed; absent while it is open.</param>
public sealed record AccountView(
    string AccountId,
    string WorkspaceId,
    string? ExternalId,
    string Name,
    string? Email,
    string Product,
    string? Plan,
    string PlanStatus,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ClosedAt)
{
    internal static AccountView Of(ListedAccount account) => new(
        account.AccountId,
        account.WorkspaceId,
        account.ExternalId,
        account.Name,
        account.Email.Length > 0 ? account.Email : null,
        account.Product,
        account.Plan,
        account.PlanStatus,
        account.CreatedAt,
        account.ClosedAt);
}
