using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Accounts;
using Billing.Api.Http;
using Billing.Catalogs;
using Billing.Writing;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Balances;

/// <summary><c>GET /credits/history</c>: the ledger, newest first.</summary>
public static class GetHistory
{
    /// <summary>The endpoint.</summary>
    public static readonly ApiEndpoint Endpoint = new("GetHistory", "GET", Routes.History, Access.Customer, HandleAsync);

    private const int MostEntries = 200;
    private const int DefaultEntries = 50;

    private static async Task<IResult> HandleAsync(Call call) =>
        await call.WorkspaceAsync(call.QueryWorkspace()).ConfigureAwait(false) is Outcome<string>.Accepted { Value: var workspaceId }
            ? await AnswerAsync(call, workspaceId).ConfigureAwait(false)
            : call.Refuse(Refusal.NotFound("workspace"));

    /// <summary>The ledger of a workspace that the caller may see.</summary>
    internal static async Task<IResult> AnswerAsync(Call call, string workspaceId)
    {
        if (!TryParse(call, out var limit, out var type, out var refusal))
        {
            return call.Refuse(refusal!);
        }

        if (RangeAfter(call.Query("cursor"), workspaceId) is not { } range)
        {
            return call.Refuse(Refusal.Invalid("cursor", "is not one that this endpoint gave for this workspace"));
        }

        // Touching brings the account up to date first, so that a renewal that is due stands in the history.
        var touched = await call.Backend.Writer.SubmitAsync(workspaceId, Touch.Work).ConfigureAwait(false);
        if (touched is null)
        {
            return call.Refuse(Refusal.NotFound("workspace"));
        }

        var tag = type is { } one ? JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()) : null;
        var (entries, next) = await ListAsync(call, workspaceId, range, limit, tag).ConfigureAwait(false);
        var total = type is { } counted ? touched.Account.EntriesByType.GetValueOrDefault(counted) : touched.Account.Entries;
        return JsonReply.Of(new HistoryView(entries, total, next));
    }

    private static async Task<(ImmutableArray<TransactionView> Entries, string? Next)> ListAsync(Call call, string workspaceId, KeyRange range, int limit, string? tag)
    {
        var found = new List<LedgerEntry>();
        string? continuation = null;
        do
        {
            // One more than is shown tells whether there is a next page.
            var page = await call.Backend.Ledger.ListAsync(
                new Partition(Table.Ledger, workspaceId), range, limit + 1 - found.Count, tag, continuation, call.Cancellation).ConfigureAwait(false);
            found.AddRange(page.Rows.Select(row => RowJson.Read<LedgerEntry>(row.Data)));
            continuation = page.Continuation;
        }
        while (continuation is not null && found.Count <= limit);

        return ([.. found.Take(limit).Select(TransactionView.Of)], found.Count > limit ? found[limit - 1].Id : null);
    }

    /// <summary>The entries after the one that a cursor names, or all; null for a cursor that was not given for this workspace.</summary>
    private static KeyRange? RangeAfter(string? cursor, string workspaceId)
    {
        var all = KeyRange.StartingWith(LedgerEntry.Prefix);
        return cursor is null ? all
            : Ids.TryParse("txn", cursor, out var owner, out var key) && owner == workspaceId && Ids.NumberOf(key) is { } sequence and >= 1
                ? all with { From = LedgerEntry.KeyOf(sequence - 1) }
                : null;
    }

    private static bool TryParse(Call call, out int limit, out EntryType? type, out Refusal? refusal)
    {
        (limit, type, refusal) = (DefaultEntries, null, null);
        if (call.Query("limit") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostEntries))
        {
            refusal = Refusal.Invalid("limit", $"must be a whole number from 1 to {MostEntries}");
        }
        else if (call.Query("type") is { } name)
        {
            type = Enum.GetValues<EntryType>().Cast<EntryType?>().FirstOrDefault(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()!) == name);
            refusal = type is null ? Refusal.Invalid("type", "must be one of adjustment, deduction, grant, overage, purchase, refund, renewal_expiry") : null;
        }

        return refusal is null;
    }
}

/// <summary>The answer of <c>GET /credits/history</c>.</summary>
public sealed record HistoryView(ImmutableArray<TransactionView> Transactions, long Total, string? NextCursor);

/// <summary>A ledger entry as customers see it.</summary>
public sealed record TransactionView(
    string Id,
    EntryType Type,
    Credits Amount,
    Credits BalanceAfter,
    string Description,
    [property: JsonPropertyOrder(1)] ImmutableSortedDictionary<string, Scalar> Metadata,
    [property: JsonPropertyOrder(2)] DateTimeOffset CreatedAt)
{
    internal static TransactionView Of(LedgerEntry entry) => new(
        entry.Id,
        entry.Type,
        entry.Amount,
        entry.BalanceAfter,
        entry.Description,
        entry.Metadata ?? ImmutableSortedDictionary<string, Scalar>.Empty,
        entry.CreatedAt);
}
