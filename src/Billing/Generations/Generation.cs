using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Accounts;
using Billing.Catalogs;

namespace Billing.Generations;

/// <summary>Where a generation stands.</summary>
public enum GenerationStatus
{
    /// <summary>Admitted and charged; holds a concurrency slot.</summary>
    Running,

    /// <summary>Delivered, in whole or in part.</summary>
    Completed,

    /// <summary>Reported as failed.</summary>
    Failed,

    /// <summary>Nobody settled it in time.</summary>
    Expired,
}

/// <summary>A unit of overage that a generation took.</summary>
/// <param name="Month">Calendar month it counts in.</param>
/// <param name="Plan">The plan it was admitted on.</param>
/// <param name="Price">What it costs.</param>
public sealed record OverageUnit(CalendarMonth Month, string Plan, Money Price);

/// <summary>One admitted generation.</summary>
public sealed record Generation
{
    /// <summary><c>gen_…</c></summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required GenerationStatus Status { get; init; }

    /// <summary>Its price.</summary>
    public required Credits Cost { get; init; }

    /// <summary>How many things were asked for.</summary>
    public required long Units { get; init; }

    /// <summary>How the price came about.</summary>
    public required ImmutableArray<PriceFactor> Breakdown { get; init; }

    /// <summary>The parameters it was priced by.</summary>
    public required ImmutableSortedDictionary<string, Scalar> Parameters { get; init; }

    /// <summary>What the caller said about it.</summary>
    public string? Description { get; init; }

    /// <summary>What the caller attached to it.</summary>
    public ImmutableSortedDictionary<string, string>? Metadata { get; init; }

    /// <summary>The grants it drew from; empty on overage and in test mode.</summary>
    public ImmutableArray<Draw> Draws { get; init; } = [];

    /// <summary>The overage unit it took, if it did.</summary>
    public OverageUnit? Overage { get; init; }

    /// <summary>Start of the billing period it was charged in.</summary>
    public required DateTimeOffset PeriodStartsAt { get; init; }

    /// <summary>When it was admitted, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it expires unless it is settled or extended, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was settled, UTC.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Things that were delivered; null until it is completed.</summary>
    public long? SucceededUnits { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>Credits given back so far.</summary>
    public Credits Refunded { get; init; }

    /// <summary>True when the overage unit was given back.</summary>
    public bool OverageRefunded { get; init; }

    /// <summary>Credits it was charged.</summary>
    [JsonIgnore]
    public Credits Charged => Draws.Aggregate(Credits.Zero, (sum, draw) => sum + draw.Amount);

    /// <summary>True while it holds a slot.</summary>
    [JsonIgnore]
    public bool Runs => Status == GenerationStatus.Running;
}

/// <summary>The generations of one admission, stored as one row: one, or a batch.</summary>
/// <remarks>
/// While any of them runs the row stands under <c>run:</c>, after that under <c>gen:</c>; row keys are in order of admission.
/// So what may be running is found without reading history.
/// </remarks>
public sealed record Admission : Record
{
    /// <summary>Row keys of running admissions begin with this.</summary>
    public const string RunningPrefix = "run:";

    /// <summary>Row keys of settled admissions begin with this.</summary>
    public const string SettledPrefix = "gen:";

    /// <summary>The part of its generations' ids that orders it among the workspace's.</summary>
    public required string Key { get; init; }

    /// <summary>True for test keys: nothing was charged or counted.</summary>
    public required bool TestMode { get; init; }

    /// <summary>What the plan grants its generations.</summary>
    public required ImmutableSortedDictionary<string, Scalar> Entitlements { get; init; }

    /// <summary>At least one, at most 100.</summary>
    public required ImmutableArray<Generation> Generations { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string RowKey => (Generations.Any(generation => generation.Runs) ? RunningPrefix : SettledPrefix) + Key;

    /// <summary>When its first running generation expires; null when none runs.</summary>
    [JsonIgnore]
    public DateTimeOffset? NextExpiryAt => Generations.Where(generation => generation.Runs).Min(generation => (DateTimeOffset?)generation.ExpiresAt);

    /// <summary>The generation with this id, or null.</summary>
    public Generation? Find(string id) => Generations.FirstOrDefault(generation => generation.Id == id);

    /// <summary>With one generation replaced.</summary>
    public Admission With(Generation generation) =>
        this with { Generations = Generations.Replace(Find(generation.Id)!, generation) };
}
