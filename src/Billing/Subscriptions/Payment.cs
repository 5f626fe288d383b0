namespace Billing.Subscriptions;

/// <summary>How a payment stands, in the order of its life: news of what was before, however late or often it comes, changes nothing.</summary>
public enum PaymentStatus
{
    Pending,

    Failed,

    Succeeded,

    /// <summary>The customer's bank took it back, until the dispute is won.</summary>
    Disputed,

    Won,

    /// <summary>It was given back whole.</summary>
    Refunded,
}

/// <summary>A payment for the subscription, by the seller's reference. Kept for ever, so that late news of it is never taken for a new one.</summary>
public sealed record Payment : Record
{
    public const string Prefix = "pay:";

    public required string Reference { get; init; }

    public required PaymentStatus Status { get; init; }

    /// <summary>What was paid; null where nobody said.</summary>
    public Money? Paid { get; init; }

    /// <summary>Who told of it first, one of <see cref="PaymentSources"/>.</summary>
    public string Source { get; init; } = PaymentSources.Operator;

    /// <summary>Its age: when it was reported first, by the report's own account.</summary>
    public required DateTimeOffset FirstAt { get; init; }

    public required DateTimeOffset ReportedAt { get; init; }

    public bool IsPaid => Status is PaymentStatus.Succeeded or PaymentStatus.Won;

    public override string RowKey => KeyOf(Reference);

    public static string KeyOf(string reference) => Prefix + Ids.Digest(reference);
}
