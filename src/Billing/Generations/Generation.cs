using System.Collections.Immutable;
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

/// <summary>The generations of one admission, stored as one row: one, or a batch.</summary>
/// <remarks>
/// While any of them runs the row stands under <c>run:</c>, after that under <c>gen:</c>; row keys are in order of admission.
/// So what may be running is found without reading history.
/// </remarks>
public sealed record Admission : Record
{
    public const string RunningPrefix = "run:";

    public const string SettledPrefix = "gen:";

    /// <summary>The part of its generations' ids that orders it among the workspace's.</summary>
    public required string Key { get; init; }

    public required bool TestMode { get; init; }

    public required ImmutableSortedDictionary<string, Scalar> Entitlements { get; init; }

    /// <summary>At least one, at most 100.</summary>
    public required ImmutableArray<Generation> Generations { get; init; }

    public override string RowKey => (Generations.Any(generation => generation.Runs) ? RunningPrefix : SettledPrefix) + Key;

    /// <summary>When its first running generation expires; null when none runs.</summary>
    public DateTimeOffset? NextExpiryAt => Generations.Where(generation => generation.Runs).Min(generation => (DateTimeOffset?)generation.ExpiresAt);

    /// <summary>Whether a customer's caller may see it: a test key reaches nothing that is live.</summary>
    public bool IsShownTo(bool testMode) => TestMode || !testMode;

    /// <summary>Whether the service may settle it for a key: only for one of its own environment.</summary>
    public bool IsSettledFor(bool testMode) => TestMode == testMode;

    /// <summary>The generation with this id, or null.</summary>
    public Generation? Find(string id) => Generations.FirstOrDefault(generation => generation.Id == id);

    public Admission With(Generation generation) =>
        this with { Generations = Generations.Replace(Find(generation.Id)!, generation) };
}
