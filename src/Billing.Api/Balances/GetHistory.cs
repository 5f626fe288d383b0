using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Api.Http;
using Billing.Engine.Committing;
using Billing.Workspaces;
using Microsoft.AspNetCore.Http;

namespace Billing.Api.Balances;

/// <summary><c>GET /credits/history</c>: the ledger, newest first.</summary>
public static class GetHistory
{
    public const string Route = "api/v1/credits/history";

    public static readonly ApiEndpoint Endpoint = new("GetHistory", "GET", Route, Access.Reader, HandleAsync) { Query = ["workspaceId", "limit", "cursor", "type", "from", "to"] };

    private static async Task<IResult> HandleAsync(ApiRequest request) =>
        (await request.QueriedWorkspaceAsync().ConfigureAwait(false)).TryGet(out var workspaceId, out var refusal)
            ? await AnswerAsync(request, workspaceId).ConfigureAwait(false)
            : request.Refuse(refusal);

    /// <summary>The ledger of a workspace that the caller may see.</summary>
    internal static async Task<IResult> AnswerAsync(ApiRequest request, string workspaceId)
    {
        if (!HistoryQuery.Parse(request, workspaceId).TryGet(out var query, out var refusal))
        {
            return request.Refuse(refusal);
        }

        // Catching up comes first, so that a renewal that is due stands in the history.
        var caughtUp = await request.Backend.Writer.SubmitAsync(workspaceId, CatchUp.Work).ConfigureAwait(false);
        if (caughtUp is null)
        {
            return request.Refuse(Refusal.NotFound("workspace"));
        }

        var book = new LedgerBook(request.Backend.Store, workspaceId, caughtUp.Workspace.Entries);
        var span = await book.SpanAsync(query.From, query.To, request.Cancellation).ConfigureAwait(false);
        var total = query.Type is not { } type ? span.Count
            : span.Count == caughtUp.Workspace.Entries ? caughtUp.Workspace.EntriesByType.GetValueOrDefault(type)
            : await book.CountAsync(span, type, request.Cancellation).ConfigureAwait(false);

        // One more than is shown tells whether there is a next page.
        var entries = await book.ReadAsync(span.Before(query.Before), query.Type, query.Limit + 1, request.Cancellation).ConfigureAwait(false);
        var next = entries.Length > query.Limit ? entries[query.Limit - 1].IdIn(workspaceId) : null;
        return JsonReply.Of(new HistoryView([.. entries.Take(query.Limit).Select(entry => TransactionView.Of(entry, workspaceId))], total, next));
    }
}

/// <summary>What a request for history asks for.</summary>
/// <param name="Before">Sequence of the last entry on the page before; null for the first page.</param>
/// <param name="From">Entries of this instant and later.</param>
/// <param name="To">Entries before this instant.</param>
internal sealed record HistoryQuery(int Limit, long? Before, EntryType? Type, DateTimeOffset? From, DateTimeOffset? To)
{
    private const int Most = 200;
    private const int Default = 50;

    public static Outcome<HistoryQuery> Parse(ApiRequest request, string workspaceId)
    {
        if (!PageRequest.LimitOf(request, Most, Default).TryGet(out var limit, out var refusal))
        {
            return refusal;
        }

        var type = Enum.GetValues<EntryType>().Cast<EntryType?>().FirstOrDefault(one => one!.Value.Name() == request.Query("type"));
        if (type is null && request.Query("type") is not null)
        {
            return Refusal.Invalid("type", "must be one of adjustment, deduction, grant, overage, purchase, refund, renewal_expiry");
        }

        long? before = null;
        if (request.Query("cursor") is { } cursor)
        {
            before = Ids.TryParse("txn", cursor, out var owner, out var key) && owner == workspaceId ? Ids.NumberOf(key) : null;
            if (before is null or < 1)
            {
                return Refusal.Invalid("cursor", "is not one that this endpoint gave for this workspace");
            }
        }

        foreach (var name in new[] { "from", "to" })
        {
            if (request.Query(name) is { } at && !Instants.TryParse(at, out _))
            {
                return Refusal.Invalid(name, Instants.MustBe);
            }
        }

        return new HistoryQuery(limit, before, type, Instant("from"), Instant("to"));

        DateTimeOffset? Instant(string name) => Instants.TryParse(request.Query(name), out var at) ? at : null;
    }
}

/// <summary>The answer of <c>GET /credits/history</c>.</summary>
public sealed record HistoryView(ImmutableArray<TransactionView> Transactions, long Total, string? NextCursor);

/// <summary>A ledger entry as customers see it.</summary>
/// <param name="KeyId">The API key that asked for it; absent where none did.</param>
/// <param name="MemberId">The account that asked for it; absent where none did.</param>
public sealed record TransactionView(
    string Id,
    EntryType Type,
    Credits Amount,
    Credits BalanceAfter,
    string Description,
    [property: JsonPropertyOrder(1)] ImmutableSortedDictionary<string, Scalar> Metadata,
    [property: JsonPropertyOrder(2)] DateTimeOffset CreatedAt,
    [property: JsonPropertyOrder(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? KeyId,
    [property: JsonPropertyOrder(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? MemberId)
{
    internal static TransactionView Of(LedgerEntry entry, string workspaceId) => new(
        entry.IdIn(workspaceId),
        entry.Type,
        entry.Amount,
        entry.BalanceAfter,
        entry.Description,
        entry.ShownMetadata,
        Instants.WholeSecond(entry.CreatedAt),
        entry.Requester?.KeyId,
        entry.Requester?.MemberId);
}
