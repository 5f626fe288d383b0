using System.Collections.Immutable;
using System.Globalization;
using Billing.Catalogs;
using Billing.Workspaces;

namespace Billing.Generations;

public enum GenerationStatus
{
    Running,

    Completed,

    Failed,

    Expired,
}

/// <summary>A unit of overage that a generation took, beside the credits that were left.</summary>
/// <param name="Plan">The plan it was admitted on.</param>
public sealed record OverageUnit(CalendarMonth Month, string Plan, Money Price);

/// <param name="Overage">True when its overage unit is among it.</param>
public sealed record OwedRefund(Credits Credits, bool Overage);

public sealed record Generation
{
    /// <summary><c>gen_…</c></summary>
    public required string Id { get; init; }

    public required GenerationStatus Status { get; init; }

    public required Credits Cost { get; init; }

    public required long Units { get; init; }

    public required ImmutableArray<PriceFactor> Breakdown { get; init; }

    public required ImmutableSortedDictionary<string, Scalar> Parameters { get; init; }

    public string? Description { get; init; }

    public ImmutableSortedDictionary<string, string>? Metadata { get; init; }

    /// <summary>The grants it drew from; empty in test mode, and where nothing was left to take.</summary>
    public ImmutableArray<Draw> Draws { get; init; } = [];

    public OverageUnit? Overage { get; init; }

    public required DateTimeOffset PeriodStartsAt { get; init; }

    /// <summary>When it was admitted, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it expires unless it is settled or extended, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was settled, UTC.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Things that were delivered; null until it is completed.</summary>
    public long? SucceededUnits { get; init; }

    public string? Reason { get; init; }

    public Credits Refunded { get; init; }

    public bool OverageRefunded { get; init; }

    /// <summary>What was decided to be given back and the queue has not carried out yet; null for nothing.</summary>
    public OwedRefund? Owed { get; init; }

    public Credits Charged => Draws.Aggregate(Credits.Zero, (sum, draw) => sum + draw.Amount);

    public bool Runs => Status == GenerationStatus.Running;
}

/// <summary>
/// What makes the answer of an admission once more, beside what never changes: so its row is its stored answer, for as long as there is the row.
/// </summary>
/// <param name="Fingerprint">Of the request that it answered.</param>
/// <param name="Left">Credits left then.</param>
/// <param name="ExpiresAt">When the generation was to expire; a heartbeat may have put that off.</param>
public sealed record AdmissionAnswer(string Fingerprint, Credits Left, DateTimeOffset ExpiresAt);

/// <summary>The generations of one admission, stored as one row: one, or a batch. A batch of more than 25 has a row for every 25 of its items.</summary>
/// <remarks>The row stays where it is when they are settled. What may be running is found by <see cref="RunningSpans"/>.</remarks>
public sealed record Admission : Record
{
    public const string Prefix = "gen:";

    /// <summary>A settlement rewrites the row that it is in, so a row holds no more of a batch.</summary>
    public const int MostInRow = 25;

    // Behind gen_.
    private const int IdStart = 4;

    // Between the key of an admission and the number of an item or a row: no key has it.
    private const char Separator = '-';

    /// <summary>Sequence of the ledger entry that charged them; 0 in test mode.</summary>
    public long Entry { get; init; }

    public required bool TestMode { get; init; }

    public Requester? Requester { get; init; }

    public required ImmutableSortedDictionary<string, Scalar> Entitlements { get; init; }

    /// <summary>What its answer said and has changed since; null without an Idempotency-Key.</summary>
    public AdmissionAnswer? Answered { get; init; }

    /// <summary>At least one, at most <see cref="MostInRow"/>.</summary>
    public required ImmutableArray<Generation> Generations { get; init; }

    public string WorkspaceId => string.Concat("ws_", Generations[0].Id.AsSpan(IdStart, Ids.WorkspaceKeyLength));

    /// <summary>The part of their ids that all generations of the admission share, those in its other rows, too.</summary>
    public string Key => KeyOf(GenerationKey);

    public override string RowKey => RowKeyOf(GenerationKey);

    private string GenerationKey => Generations[0].Id[(IdStart + Ids.WorkspaceKeyLength)..];

    /// <summary>When its first running generation expires; null when none runs.</summary>
    public DateTimeOffset? NextExpiryAt => Generations.Where(generation => generation.Runs).Min(generation => (DateTimeOffset?)generation.ExpiresAt);

    /// <summary>The row of a generation, by the part of its id behind the workspace.</summary>
    public static string RowKeyOf(string generationKey) => RowKeyOf(KeyOf(generationKey), NumberIn(generationKey) / MostInRow);

    /// <summary>How many rows a batch of so many items has at most.</summary>
    public static int RowsOf(int items) => (items + MostInRow - 1) / MostInRow;

    /// <summary>The row keys of a whole admission, by what its ledger entry says: the key of its last row.</summary>
    public static IEnumerable<string> RowKeysOf(string lastRow) => Enumerable.Range(0, NumberIn(lastRow) + 1).Select(row => RowKeyOf(KeyOf(lastRow), row));

    private static string RowKeyOf(string key, int row) => row == 0 ? Prefix + key : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{key}{Separator}{row}");

    private static string KeyOf(string text) => text.IndexOf(Separator, StringComparison.Ordinal) is var end and >= 0 ? text[..end] : text;

    /// <summary>What stands behind the separator; 0 without one, and where it is no number: then nothing is found.</summary>
    private static int NumberIn(string text) => text.IndexOf(Separator, StringComparison.Ordinal) is var end and >= 0
        && int.TryParse(text.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Whether a customer's caller may see it: a test key reaches nothing that is live.</summary>
    public bool IsShownTo(bool testMode) => TestMode || !testMode;

    /// <summary>Whether the service may settle it for a key: only for one of its own environment.</summary>
    public bool IsSettledFor(bool testMode) => TestMode == testMode;

    /// <summary>The generation with this id, or null.</summary>
    public Generation? Find(string id) => Generations.FirstOrDefault(generation => generation.Id == id);

    public Admission With(Generation generation) =>
        this with { Generations = Generations.Replace(Find(generation.Id)!, generation) };

    /// <summary>The only generation as it was answered.</summary>
    public Generation AsAnswered() => Generations[0] with
    {
        Status = GenerationStatus.Running,
        ExpiresAt = Answered?.ExpiresAt ?? Generations[0].ExpiresAt,
        SettledAt = null,
        SucceededUnits = null,
        Reason = null,
        Refunded = Credits.Zero,
        OverageRefunded = false,
        Owed = null,
    };
}
