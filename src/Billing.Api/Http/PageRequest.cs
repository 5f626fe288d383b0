using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Billing.Engine.Ports;

namespace Billing.Api.Http;

/// <summary>The part of a list that a request asks for with <c>limit</c> and <c>cursor</c>.</summary>
/// <param name="Limit">Most items.</param>
/// <param name="Range">The rows that are left of the list.</param>
public sealed record PageRequest(int Limit, KeyRange Range)
{
    /// <summary>Longest cursor, in characters.</summary>
    public const int LongestCursor = 500;

    /// <summary>Reads the query.</summary>
    /// <param name="request">The request.</param>
    /// <param name="list">All rows of the list.</param>
    /// <param name="most">Most items that may be asked for.</param>
    /// <param name="otherwise">How many when nothing is said.</param>
    public static Outcome<PageRequest> Of(ApiRequest request, KeyRange list, int most, int otherwise)
    {
        if (!LimitOf(request, most, otherwise).TryGet(out var limit, out var refusal))
        {
            return refusal;
        }

        if (request.Query("cursor") is not { } cursor)
        {
            return new PageRequest(limit, list);
        }

        return After(cursor, list).TryGet(out var rest, out var wrong) ? new PageRequest(limit, rest) : wrong;
    }

    /// <summary>The rows of a list that come after a cursor.</summary>
    public static Outcome<KeyRange> After(string cursor, KeyRange list) =>
        TextIn(cursor) is { } last && string.CompareOrdinal(last, list.From) >= 0 && string.CompareOrdinal(last, list.To) < 0
            ? list with { From = last + " " }
            : NotOne;

    /// <summary>The cursor to what comes after a row.</summary>
    public static string CursorOf(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <summary>How many items a request asks for.</summary>
    public static Outcome<int> LimitOf(ApiRequest request, int most, int otherwise)
    {
        var limit = otherwise;
        return request.Query("limit") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1 || limit > most)
            ? Refusal.Invalid("limit", $"must be a whole number from 1 to {most}")
            : limit;
    }

    /// <summary>The rows, and the cursor to what comes after them; null at the end.</summary>
    public async Task<(ImmutableArray<Row> Rows, string? NextCursor)> ReadAsync(ITableStore store, Partition partition, CancellationToken cancellation)
    {
        var list = await store.ListAsync(partition, Range, Limit, cancellation).ConfigureAwait(false);
        return (list.Rows, list.More ? CursorOf(list.Rows[^1].Key) : null);
    }

    /// <summary>Refuses a cursor that is none of the list's.</summary>
    public static Refusal NotOne => Refusal.Invalid("cursor", "is not one that this endpoint gave");

    /// <summary>What <see cref="CursorOf"/> made a cursor of; null where it made none like it.</summary>
    public static string? TextIn(string cursor)
    {
        if (cursor.Length is 0 or > LongestCursor || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var key = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return key.All(character => character is > ' ' and <= '~') ? key : null;
    }
}
