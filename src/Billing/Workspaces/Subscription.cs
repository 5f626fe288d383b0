namespace Billing.Workspaces;

/// <summary>A plan and the credits a month it comes with.</summary>
/// <param name="Plan">Plan id in the workspace's catalog.</param>
/// <param name="Free">True when nothing is paid for it, so that nothing can be unpaid; as the catalog had it when it was chosen.</param>
public sealed record PlanChoice(string Plan, Credits Allowance, bool Free = false);

public sealed record Subscription
{
    public required PlanChoice Current { get; init; }

    /// <summary>What was granted for this period. An upgrade's larger allowance raises it at once or starts with the next, as the catalog says.</summary>
    public required Credits Allowance { get; init; }

    /// <summary>The plan from the next renewal on, when it differs.</summary>
    public PlanChoice? Next { get; init; }

    public required DateTimeOffset AnchorAt { get; init; }

    /// <summary>Months since the anchor of the last period that was granted.</summary>
    public required int Period { get; init; }

    /// <summary>A payment failed or is pending: nothing can be spent until one succeeds.</summary>
    public bool Paused { get; init; }

    /// <summary>It was canceled: it runs to the end of its period and does not renew.</summary>
    public bool Canceled { get; init; }

    public bool Ended { get; init; }

    /// <summary>The grant of the newest period.</summary>
    public long AllowanceGrant { get; init; }

    /// <summary>The payment that paused it, or would, was reported by this reference.</summary>
    public string? PaymentReference { get; init; }

    /// <summary>How its payments stand; null while none was reported.</summary>
    public PaymentStanding? Payments { get; init; }

    /// <summary>What was paid for the current plan last; null where nobody said.</summary>
    public Money? Paid { get; init; }

    /// <summary>When it is paused for what is unpaid, where the catalog gives days of grace; null when nothing is unpaid, and when it is paused.</summary>
    public DateTimeOffset? PausesAt { get; init; }

    /// <summary>When it renews or ends by itself; null when it does neither: paused, it waits for a payment, unless nothing is to be paid for what comes next.</summary>
    public DateTimeOffset? DueAt => Ended || (Paused && !Canceled && !(Next ?? Current).Free) ? null : PeriodEndsAt;

    /// <summary><c>active | paused | canceled</c>; canceled from the cancellation on, while the last period still runs.</summary>
    public string Status => this switch
    {
        { Ended: true } => "canceled",
        { Paused: true } => "paused",
        { Canceled: true } => "canceled",
        _ => "active",
    };

    /// <summary>End of the last granted period: when it renews, or ends.</summary>
    public DateTimeOffset PeriodEndsAt => BillingPeriod.At(AnchorAt, Period).EndsAt;
}

/// <summary>How payments stand: all that has to be remembered of them is the newest, for nothing that is older matters any more.</summary>
/// <param name="At">Age of the newest reference.</param>
/// <param name="Paid">How many references of just that age are paid: where some are and some are not, paid wins.</param>
/// <param name="Former">True when it was for an earlier subscription: late news of it is no matter of this one.</param>
public sealed record PaymentStanding(DateTimeOffset At, int Paid, bool Former = false)
{
    /// <summary>What a report on a payment of some age makes of it, given by how many that is more paid; null when it is too old to matter.</summary>
    public static PaymentStanding? After(PaymentStanding? standing, DateTimeOffset age, int paid) =>
        standing is null || age > standing.At ? new PaymentStanding(age, Math.Max(0, paid))
        : age == standing.At && !standing.Former ? standing with { Paid = standing.Paid + paid }
        : null;
}
