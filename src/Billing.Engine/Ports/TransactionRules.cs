using System.Buffers;
using System.Collections.Immutable;

namespace Billing.Engine.Ports;

/// <summary>What every implementation of <see cref="ITableStore"/> refuses before anything is sent: a caller that asks for it has a bug.</summary>
/// <remarks>
/// Limits of Azure Table Storage (learn.microsoft.com: "Understanding the Table service data model", "Performing entity group transactions").
/// The emulator checks few of them, so they are kept here.
/// The in-memory store keeps the very same ones, without any Azure package.
/// </remarks>
public static class TransactionRules
{
    /// <summary>Most bytes of one transaction, as sent.</summary>
    public const int MaxTransactionBytes = 4 * 1024 * 1024;

    public const int MaxRowBytes = 1024 * 1024;

    /// <summary>Longest row or partition key, in characters (1 KiB as stored).</summary>
    public const int MaxKeyLength = 512;

    /// <summary>Longest tag, in characters.</summary>
    public const int MaxTagLength = 64;

    public const int MaxPage = 1000;

    public const int MaxFound = 10_000;

    // Headers, URL and part boundary around each row; keys go into it up to four times, percent-encoded.
    private const int EnvelopeBytes = 1_024;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_|.-");

    /// <summary>Throws <see cref="ArgumentException"/> unless <paramref name="writes"/> can be one transaction.</summary>
    public static void CheckTransaction(Partition partition, ImmutableArray<RowWrite> writes)
    {
        CheckKey(partition.Key, "partition key");
        if (writes.IsDefault || writes.Length is < 1 or > ITableStore.MaxWrites)
        {
            throw new ArgumentException($"A transaction has 1 to {ITableStore.MaxWrites} writes.", nameof(writes));
        }

        var seen = new HashSet<string>(writes.Length, StringComparer.Ordinal);
        foreach (var write in writes)
        {
            CheckWrite(write);
            if (!seen.Add(write.Row.Key))
            {
                throw new ArgumentException($"Row {write.Row.Key} is written twice in one transaction.", nameof(writes));
            }
        }

        CheckTotal(partition, writes);
    }

    /// <summary>True where the rows, and all together, are small enough for one transaction: for who can send less.</summary>
    public static bool Fit(Partition partition, ImmutableArray<RowWrite> writes) => Total(partition, writes) <= MaxTransactionBytes && writes.All(write => Fits(write.Row));

    /// <summary>Throws <see cref="ArgumentException"/> unless <paramref name="key"/> can name a row or partition.</summary>
    public static void CheckKey(string key, string what)
    {
        ArgumentNullException.ThrowIfNull(key, what);
        if (key.Length is < 1 or > MaxKeyLength || key.AsSpan().ContainsAnyExcept(KeyCharacters))
        {
            throw new ArgumentException($"'{key}' is not a {what}: 1 to {MaxKeyLength} of A-Z a-z 0-9 : _ | . -", what);
        }
    }

    /// <summary>Throws <see cref="ArgumentException"/> unless the arguments describe a page of rows.</summary>
    public static void CheckPage(KeyRange range, int take, string? tag)
    {
        CheckRange(range, take, MaxPage);
        if (tag is not null)
        {
            CheckTag(tag);
        }
    }

    /// <summary>Throws <see cref="ArgumentException"/> unless the arguments describe a search across partitions.</summary>
    public static void CheckSearch(KeyRange partitions, int take) => CheckRange(partitions, take, MaxFound);

    private static void CheckRange(KeyRange range, int take, int most)
    {
        CheckBound(range.From);
        CheckBound(range.To);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, most);
    }

    private static void CheckTotal(Partition partition, ImmutableArray<RowWrite> writes)
    {
        var total = Total(partition, writes);
        if (total > MaxTransactionBytes)
        {
            throw new ArgumentException($"A transaction of {total} bytes is over the {MaxTransactionBytes} allowed.", nameof(writes));
        }
    }

    private static long Total(Partition partition, ImmutableArray<RowWrite> writes) => writes.Sum(write => Envelope(partition, write) + BytesSent(write.Row.Data));

    private static void CheckWrite(RowWrite write)
    {
        var row = write.Row;
        CheckKey(row.Key, "row key");
        if (write.Kind == WriteKind.Replace && row.ETag is null)
        {
            throw new ArgumentException($"Row {row.Key} is to be replaced at a version, and says none.");
        }

        if (write.Kind == WriteKind.Delete)
        {
            return;
        }

        if (row.Tag is not null)
        {
            CheckTag(row.Tag);
        }

        if (!Fits(row))
        {
            throw new ArgumentException($"Row {row.Key} of {row.Data.Length} bytes is over the {MaxRowBytes} allowed.");
        }
    }

    private static void CheckTag(string tag)
    {
        if (tag.Length is < 1 or > MaxTagLength || tag.AsSpan().ContainsAnyExcept(KeyCharacters))
        {
            throw new ArgumentException($"'{tag}' is not a tag: 1 to {MaxTagLength} of A-Z a-z 0-9 : _ | . -");
        }
    }

    // A bound may lie just past a key (StartingWith makes such ones), so any printable ASCII will do.
    private static void CheckBound(string bound)
    {
        ArgumentNullException.ThrowIfNull(bound);
        if (bound.Length > MaxKeyLength || bound.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"'{bound}' is no bound of keys.");
        }
    }

    // Storage counts two bytes a character of the key; 4 KiB more cover the partition key, the names and the system's own columns.
    private static long BytesStored(Row row) => row.Data.Length + 2L * row.Key.Length + 4_096;

    private static long Envelope(Partition partition, RowWrite write) => EnvelopeBytes + 4 * (partition.Key.Length + write.Row.Key.Length);

    private static bool Fits(Row row) => Math.Max(BytesStored(row), BytesSent(row.Data)) <= MaxRowBytes;

    // Bytes go as base64, and the emulator measures rows as they are sent.
    private static long BytesSent(RowData data) => (data.Length + 2L) / 3 * 4;
}
