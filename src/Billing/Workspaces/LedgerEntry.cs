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
public sealed record LedgerEntry
{
    /// <summary>1 for a workspace's first entry, then without gaps.</summary>
    public required long Sequence { get; init; }

    public required EntryType Type { get; init; }

    public required Credits Amount { get; init; }

    /// <summary>Credits after this entry: the sum of all amounts up to here.</summary>
    public required Credits BalanceAfter { get; init; }

    /// <summary>What it is for, in our words.</summary>
    public required string Text { get; init; }

    public ImmutableSortedDictionary<string, Scalar>? Metadata { get; init; }

    /// <summary>What a person wrote with it; null when nobody wrote anything.</summary>
    public WrittenText? Written { get; init; }

    /// <summary>When it took effect, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The grants that the amount was taken from or given to, and how much each; null where no grant was touched.</summary>
    public ImmutableArray<Draw>? Draws { get; init; }

    /// <summary>The catalog's price version that a charge was computed with.</summary>
    public string? PriceVersion { get; init; }

    /// <summary>Key of the last row of the admission that it charged for; the rows before it are numbered up to it.</summary>
    public string? AdmissionKey { get; init; }

    /// <summary>Who asked for it or, of a refund, for the generation; null where it was nobody's request.</summary>
    public Requester? Requester { get; init; }

    /// <summary>Hash of the entry before this one: an edited or removed entry breaks the chain.</summary>
    public required string Previous { get; init; }

    /// <summary>The line that people read: the writer's words where somebody wrote any.</summary>
    public string Description => Written?.Description ?? Text;

    /// <summary>The metadata that people read: ours and, of a charge, what its caller attached beside it.</summary>
    public ImmutableSortedDictionary<string, Scalar> ShownMetadata => AdmissionKey is not null && Written is { } theirs ? theirs.With(Ours) : Ours;

    // The line of a charge for one generation ends with its id, which need not be stored twice.
    private ImmutableSortedDictionary<string, Scalar> Ours =>
        (Metadata ?? ImmutableSortedDictionary<string, Scalar>.Empty) is var ours && AdmissionKey is not null && Text.LastIndexOf("gen_", StringComparison.Ordinal) is > 0 and var id
            ? ours.SetItem("generation_id", Scalar.Of(Text[id..]))
            : ours;

    /// <summary><c>txn_…</c></summary>
    public string IdIn(string workspaceId) => Ids.Of("txn", workspaceId, Sequence);

    /// <summary>What the entry after it names as its <see cref="Previous"/>: it covers every field, whatever form they are stored in.</summary>
    public string Hash() => LedgerHash.Of(this);
}

/// <summary>By whom something was asked for.</summary>
/// <param name="KeyId">The API key; null for a session, and for a workspace that the service named.</param>
/// <param name="MemberId">The account; null where the service named a workspace.</param>
public sealed record Requester(string? KeyId, string? MemberId)
{
    /// <summary>Null where nothing is known of them.</summary>
    public static Requester? Of(string? keyId, string? memberId) => keyId is null && memberId is null ? null : new(keyId, memberId);
}

/// <summary>The entries of one commit, as one row: the books grow by a page a commit, however many requests ride in it.</summary>
public sealed record LedgerPage(ImmutableArray<LedgerEntry> Entries) : Record
{
    public const string Prefix = "txn:";

    /// <summary>Sequence of its oldest entry; its entries follow each other.</summary>
    public long First => Entries[0].Sequence;

    public override string RowKey => KeyOf(First);

    /// <summary>The row key of the page that begins with an entry; the newest sorts first. The page that holds an entry is the first row from the entry's own key on.</summary>
    public static string KeyOf(long sequence) => Prefix + (long.MaxValue - sequence).ToString("x16", CultureInfo.InvariantCulture);
}
