using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Billing.Catalogs;
using Billing.Generations;

namespace Billing.Api.Generations;

/// <summary>What a generation was charged.</summary>
/// <param name="Credits">Credits taken.</param>
/// <param name="OverageUnits">1 on overage, else 0.</param>
/// <param name="Overage">What that unit costs at month-end; null without one.</param>
public sealed record ChargedView(Credits Credits, int OverageUnits, Money? Overage)
{
    internal static ChargedView Of(Generation generation) =>
        new(generation.Charged, generation.Overage is null ? 0 : 1, generation.Overage?.Price);
}

/// <summary>What is given back of a generation.</summary>
/// <param name="Amount">Credits, those under way included.</param>
/// <param name="OverageUnits">1 when its overage unit is given back, else 0.</param>
/// <param name="Status"><c>pending</c> while any of it is under way, then <c>succeeded</c>.</param>
public sealed record GenerationRefundView(Credits Amount, int OverageUnits, RefundStatus Status)
{
    internal static GenerationRefundView? Of(Generation generation)
    {
        var amount = generation.Refunded + (generation.Owed?.Credits ?? Credits.Zero);
        var overage = generation.OverageRefunded || generation.Owed is { Overage: true };
        return amount == Credits.Zero && !overage
            ? null
            : new GenerationRefundView(amount, overage ? 1 : 0, generation.Owed is null ? RefundStatus.Succeeded : RefundStatus.Pending);
    }
}

/// <summary>A generation as its customer and the service see it.</summary>
public sealed record GenerationView
{
    /// <summary><c>gen_…</c></summary>
    public required string Id { get; init; }

    /// <summary><c>running | completed | failed | expired</c></summary>
    public required GenerationStatus Status { get; init; }

    /// <summary>Its price.</summary>
    public required Credits Cost { get; init; }

    /// <summary>What it was charged.</summary>
    public required ChargedView Charged { get; init; }

    /// <summary>Credits left in the workspace; only in answers that changed them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Credits? Credits { get; init; }

    /// <summary>Whose it is.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>True when nothing was charged because the key is a test key.</summary>
    public required bool TestMode { get; init; }

    /// <summary>What the plan grants it.</summary>
    public required ImmutableSortedDictionary<string, Scalar> Entitlements { get; init; }

    /// <summary>When it expires unless it is settled.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How the price came about.</summary>
    public required ImmutableArray<PriceFactor> Breakdown { get; init; }

    /// <summary>What the caller said about it; absent when nothing was said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? Description { get; init; }

    /// <summary>What the caller attached to it; absent when nothing was attached.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required ImmutableSortedDictionary<string, string>? Metadata { get; init; }

    /// <summary>How many things were asked for.</summary>
    public required long Units { get; init; }

    /// <summary>How many were delivered; null until it is completed.</summary>
    public required long? SucceededUnits { get; init; }

    /// <summary>Credits given back so far.</summary>
    public required Credits Refunded { get; init; }

    /// <summary>What is given back of it, carried out or not; absent when nothing is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required GenerationRefundView? Refund { get; init; }

    /// <summary>Why it failed.</summary>
    public required string? Reason { get; init; }

    /// <summary>When it was admitted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was settled.</summary>
    public required DateTimeOffset? SettledAt { get; init; }

    /// <summary>The API key that asked for it; absent where none did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? KeyId { get; init; }

    /// <summary>The account that asked for it; absent where the service named a workspace.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required string? MemberId { get; init; }

    /// <summary>A generation as stored, with what its admission says of all of them.</summary>
    public static GenerationView Of(Generation generation, Admission admission, string workspaceId, Credits? left = null) => new()
    {
        Id = generation.Id,
        Status = generation.Status,
        Cost = generation.Cost,
        Charged = ChargedView.Of(generation),
        Credits = left,
        WorkspaceId = workspaceId,
        TestMode = admission.TestMode,
        Entitlements = admission.Entitlements,
        ExpiresAt = generation.ExpiresAt,
        Breakdown = generation.Breakdown,
        Description = generation.Description,
        Metadata = generation.Metadata,
        Units = generation.Units,
        SucceededUnits = generation.SucceededUnits,
        Refunded = generation.Refunded,
        Refund = GenerationRefundView.Of(generation),
        Reason = generation.Reason,
        CreatedAt = generation.CreatedAt,
        SettledAt = generation.SettledAt,
        KeyId = admission.Requester?.KeyId,
        MemberId = admission.Requester?.MemberId,
    };
}
