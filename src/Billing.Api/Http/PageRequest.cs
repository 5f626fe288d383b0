using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Billing.Api.Http;

/// <summary>The part of a list that a request asks for with <c>limit</c> and <c>cursor</c>.</summary>
/// <param name="Limit">Most items.</param>
/// <param name="Continuation">Where the list goes on; null for its beginning.</param>
public sealed record PageRequest(int Limit, string? Continuation)
{
    private const int LongestCursor = 500;

    /// <summary>Reads the query.</summary>
    public static Outcome<PageRequest> Of(Call call, int most, int otherwise)
    {
        var limit = otherwise;
        if (call.Query("limit") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1 || limit > most))
        {
            return Refusal.Invalid("limit", $"must be a whole number from 1 to {most}");
        }

        if (call.Query("cursor") is not { } cursor)
        {
            return new PageRequest(limit, null);
        }

        return cursor.Length is > 0 and < LongestCursor && Base64Url.IsValid(cursor)
            ? new PageRequest(limit, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)))
            : Refusal.Invalid("cursor", "is not one that this endpoint gave");
    }

    /// <summary>Rows of a partition, and the cursor to what comes after them; null at the end.</summary>
    public async Task<(ImmutableArray<Row> Rows, string? NextCursor)> ReadAsync(ILedger ledger, Partition partition, KeyRange range, CancellationToken cancellation)
    {
        var rows = ImmutableArray.CreateBuilder<Row>();
        var continuation = Continuation;
        do
        {
            // Storage ends a page where it likes.
            var page = await ledger.ListAsync(partition, range, Limit - rows.Count, null, continuation, cancellation).ConfigureAwait(false);
            rows.AddRange(page.Rows);
            continuation = page.Continuation;
        }
        while (continuation is not null && rows.Count < Limit);

        return (rows.ToImmutable(), continuation is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(continuation)));
    }
}
