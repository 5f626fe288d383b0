using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
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

    private static async Task<IResult> HandleAsync(Call call)
    {
        if (!TryParse(call, out var limit, out var type, out var continuation, out var refusal))
        {
            return call.Refuse(refusal!);
        }

        if (await call.WorkspaceAsync(call.QueryWorkspace()).ConfigureAwait(false) is not Outcome<string>.Accepted { Value: var workspaceId })
        {
            return call.Refuse(Refusal.NotFound("workspace"));
        }

        // Touching brings the account up to date first, so that a renewal that is due stands in the history.
        var touched = await call.Backend.Writer.SubmitAsync(workspaceId, Touch.Work).ConfigureAwait(false);
        if (touched is null)
        {
            return call.Refuse(Refusal.NotFound("workspace"));
        }

        var tag = type is { } one ? JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()) : null;
        var (entries, next) = await ListAsync(call, workspaceId, limit, tag, continuation).ConfigureAwait(false);
        var total = type is { } counted ? touched.Account.EntriesByType.GetValueOrDefault(counted) : touched.Account.Entries;
        return JsonReply.Of(new HistoryView(entries, total, next));
    }

    private static async Task<(ImmutableArray<TransactionView> Entries, string? Next)> ListAsync(Call call, string workspaceId, int limit, string? tag, string? continuation)
    {
        var entries = ImmutableArray.CreateBuilder<TransactionView>();
        do
        {
            var page = await call.Backend.Ledger.ListAsync(
                new Partition(Table.Ledger, workspaceId), KeyRange.StartingWith(LedgerEntry.Prefix), limit - entries.Count, tag, continuation, call.Cancellation).ConfigureAwait(false);
            entries.AddRange(page.Rows.Select(row => TransactionView.Of(RowJson.Read<LedgerEntry>(row.Data))));
            continuation = page.Continuation;
        }
        while (continuation is not null && entries.Count < limit);

        return (entries.ToImmutable(), continuation is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(continuation)));
    }

    private static bool TryParse(Call call, out int limit, out EntryType? type, out string? continuation, out Refusal? refusal)
    {
        (limit, type, continuation, refusal) = (DefaultEntries, null, null, null);
        if (call.Query("limit") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostEntries))
        {
            refusal = Refusal.Invalid("limit", $"must be a whole number from 1 to {MostEntries}");
        }
        else if (call.Query("type") is { } name)
        {
            type = Enum.GetValues<EntryType>().Cast<EntryType?>().FirstOrDefault(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()!) == name);
            refusal = type is null ? Refusal.Invalid("type", "must be one of adjustment, deduction, grant, overage, purchase, refund, renewal_expiry") : null;
        }

        if (call.Query("cursor") is { } cursor)
        {
            continuation = Base64Url.IsValid(cursor) && cursor.Length is > 0 and < 500 ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : null;
            refusal ??= continuation is null ? Refusal.Invalid("cursor", "is not one that this endpoint gave") : null;
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
