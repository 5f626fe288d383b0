
namespace Billing.Generations;

public enum RefundStatus
{
    PendingReview,

    Pending,

    Succeeded,

    Denied,
}

/// <summary>A refund of all or part of one generation. The row is the truth; a queue message only says to look at it.</summary>
public sealed record Refund : Record
{
    public const string Prefix = "refund:";

    /// <summary><c>rfd_…</c>; one automatic and one manual id for each generation.</summary>
    public required string Id { get; init; }

    public required string GenerationId { get; init; }

    public required string Reason { get; init; }

    public string? Note { get; init; }

    public required RefundStatus Status { get; init; }

    /// <summary>Credits to give back, at most what is left of the charge when it is carried out.</summary>
    public required Credits Credits { get; init; }

    /// <summary>True when the generation's overage unit is to be given back.</summary>
    public required bool Overage { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was carried out or denied, UTC.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public override string RowKey => Prefix + Id;

    public override string Tag => Status switch
    {
        RefundStatus.PendingReview => "review",
        RefundStatus.Pending => "pending",
        _ => "ended",
    };
}
