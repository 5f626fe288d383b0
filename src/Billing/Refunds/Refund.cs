using System.Text.Json.Serialization;

namespace Billing.Refunds;

/// <summary>Where a refund stands.</summary>
public enum RefundStatus
{
    /// <summary>Asked for; an operator decides.</summary>
    PendingReview,

    /// <summary>Decided; the queue carries it out.</summary>
    Pending,

    /// <summary>The credits are back.</summary>
    Succeeded,

    /// <summary>An operator said no.</summary>
    Denied,
}

/// <summary>A refund of all or part of one generation. The row is the truth; a queue message only says to look at it.</summary>
public sealed record Refund : Record
{
    /// <summary>Row keys of refunds begin with this.</summary>
    public const string Prefix = "refund:";

    /// <summary><c>rfd_…</c>; one automatic and one manual id for each generation.</summary>
    public required string Id { get; init; }

    /// <summary>The generation.</summary>
    public required string GenerationId { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>What the customer said.</summary>
    public string? Note { get; init; }

    /// <summary>Where it stands.</summary>
    public required RefundStatus Status { get; init; }

    /// <summary>Credits to give back, at most what is left of the charge when it is carried out.</summary>
    public required Credits Credits { get; init; }

    /// <summary>True when the generation's overage unit is to be given back.</summary>
    public required bool Overage { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was carried out or denied, UTC.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string RowKey => Prefix + Id;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Tag => Status switch
    {
        RefundStatus.PendingReview => "review",
        RefundStatus.Pending => "pending",
        _ => "ended",
    };
}
