namespace Billing.Accounts;

/// <summary>A plan and the credits a month it comes with.</summary>
/// <param name="Plan">Plan id in the workspace's catalog.</param>
/// <param name="Allowance">Credits a month.</param>
public sealed record PlanChoice(string Plan, Credits Allowance);

/// <summary>A workspace's subscription.</summary>
public sealed record Subscription
{
    /// <summary>The plan whose limits and entitlements apply now.</summary>
    public required PlanChoice Current { get; init; }

    /// <summary>The allowance granted for this period; an upgrade's larger one starts with the next.</summary>
    public required Credits Allowance { get; init; }

    /// <summary>The plan from the next renewal on, when it differs.</summary>
    public PlanChoice? Next { get; init; }

    /// <summary>Every anniversary is this instant plus whole months.</summary>
    public required DateTimeOffset AnchorAt { get; init; }

    /// <summary>Months since the anchor of the last period that was granted.</summary>
    public required int Period { get; init; }

    /// <summary>A payment failed or is pending: nothing can be spent until one succeeds.</summary>
    public bool Paused { get; init; }

    /// <summary>It was canceled: it runs to the end of its period and does not renew.</summary>
    public bool Canceled { get; init; }

    /// <summary>It was canceled, and its last period is over.</summary>
    public bool Ended { get; init; }

    /// <summary>The grant that holds this period's allowance.</summary>
    public long AllowanceGrant { get; init; }

    /// <summary>The payment that paused or resumed it last.</summary>
    public string? PaymentReference { get; init; }

    /// <summary>When it renews or ends by itself; null when it does neither: paused, it waits for a payment.</summary>
    public DateTimeOffset? DueAt => Ended || (Paused && !Canceled) ? null : PeriodEndsAt;

    /// <summary>End of the last granted period: when it renews, or ends.</summary>
    public DateTimeOffset PeriodEndsAt => BillingPeriod.At(AnchorAt, Period).EndsAt;
}
