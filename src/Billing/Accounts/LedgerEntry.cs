using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Catalogs;

namespace Billing.Accounts;

/// <summary>What a ledger entry tells of.</summary>
public enum EntryType
{
    /// <summary>Credits spent on generations.</summary>
    Deduction,

    /// <summary>Credits given back.</summary>
    Refund,

    /// <summary>Credits bought: an allowance or a top-up.</summary>
    Purchase,

    /// <summary>Credits given by the seller.</summary>
    Grant,

    /// <summary>Credits that ended unspent.</summary>
    RenewalExpiry,

    /// <summary>A generation on overage: no credits move.</summary>
    Overage,

    /// <summary>Anything else: reversals, debts repaid.</summary>
    Adjustment,
}

/// <summary>One line of a workspace's ledger. Entries are never changed or removed: a correction is a new entry.</summary>
public sealed record LedgerEntry : Record
{
    /// <summary>Row keys of entries begin with this.</summary>
    public const string Prefix = "txn:";

    /// <summary>1 for a workspace's first entry, then without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary><c>txn_…</c></summary>
    public required string Id { get; init; }

    /// <summary>What it tells of.</summary>
    public required EntryType Type { get; init; }

    /// <summary>Credits added, or taken when negative.</summary>
    public required Credits Amount { get; init; }

    /// <summary>Credits after this entry: the sum of all amounts up to here.</summary>
    public required Credits BalanceAfter { get; init; }

    /// <summary>One line for a person.</summary>
    public required string Description { get; init; }

    /// <summary>What the caller or the product adds to it.</summary>
    public ImmutableSortedDictionary<string, Scalar>? Metadata { get; init; }

    /// <summary>When it took effect, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The grants it drew from or gave back to.</summary>
    public ImmutableArray<Draw>? Draws { get; init; }

    /// <summary>The catalog's price version that a charge was computed with.</summary>
    public string? PriceVersion { get; init; }

    /// <summary>Hash of the entry before this one: an edited or removed entry breaks the chain.</summary>
    public required string Previous { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string RowKey => KeyOf(Sequence);

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Tag => JsonNamingPolicy.SnakeCaseLower.ConvertName(Type.ToString());

    /// <summary>The row key of an entry; the newest sorts first.</summary>
    public static string KeyOf(long sequence) => Prefix + (long.MaxValue - sequence).ToString("x16", CultureInfo.InvariantCulture);
}
