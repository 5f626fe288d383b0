using System.Collections.Immutable;
using System.Globalization;

namespace Billing.Workspaces;

public enum EntryType
{
    Deduction,

    Refund,

    Purchase,

    Grant,

    RenewalExpiry,

    Overage,

    Adjustment,
}

/// <summary>The names of entry types, in answers, tags and the hash chain.</summary>
public static class EntryTypes
{
    /// <summary>Its name: <c>renewal_expiry</c>.</summary>
    public static string Name(this EntryType type) => type switch
    {
        EntryType.Deduction => "deduction",
        EntryType.Refund => "refund",
        EntryType.Purchase => "purchase",
        EntryType.Grant => "grant",
        EntryType.RenewalExpiry => "renewal_expiry",
        EntryType.Overage => "overage",
        EntryType.Adjustment => "adjustment",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}

/// <summary>One line of a workspace's ledger. Entries are never changed or removed: a correction is a new entry.</summary>
public sealed record LedgerEntry : Record
{
    public const string Prefix = "txn:";

    /// <summary>1 for a workspace's first entry, then without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary><c>txn_…</c></summary>
    public required string Id { get; init; }

    public required EntryType Type { get; init; }

    public required Credits Amount { get; init; }

    /// <summary>Credits after this entry: the sum of all amounts up to here.</summary>
    public required Credits BalanceAfter { get; init; }

    public required string Description { get; init; }

    public ImmutableSortedDictionary<string, Scalar>? Metadata { get; init; }

    /// <summary>When it took effect, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public ImmutableArray<Draw>? Draws { get; init; }

    /// <summary>The catalog's price version that a charge was computed with.</summary>
    public string? PriceVersion { get; init; }

    /// <summary>Hash of the entry before this one: an edited or removed entry breaks the chain.</summary>
    public required string Previous { get; init; }

    public override string RowKey => KeyOf(Sequence);

    public override string Tag => Type.Name();

    /// <summary>What the entry after it names as its <see cref="Previous"/>: it covers every field, whatever form they are stored in.</summary>
    public string Hash() => LedgerHash.Of(this);

    /// <summary>The row key of an entry; the newest sorts first.</summary>
    public static string KeyOf(long sequence) => Prefix + (long.MaxValue - sequence).ToString("x16", CultureInfo.InvariantCulture);
}
