namespace Billing;

/// <summary>A half-open span of time: from <paramref name="StartsAt"/>, up to but not including <paramref name="EndsAt"/>.</summary>
/// <param name="Index">Months since the anchor; 0 for the first period.</param>
/// <param name="StartsAt">First instant of the period, UTC.</param>
/// <param name="EndsAt">First instant after the period, UTC: the next billing anniversary.</param>
public readonly record struct BillingPeriod(int Index, DateTimeOffset StartsAt, DateTimeOffset EndsAt)
{
    /// <summary>
    /// The period that contains <paramref name="now"/>. Anniversaries are always anchor + n months, never the last one + 1 month:
    /// the 31st falls on a short month's last day and returns to the 31st after.
    /// </summary>
    public static BillingPeriod Containing(DateTimeOffset anchor, DateTimeOffset now)
    {
        var index = Math.Max(0, (now.Year - anchor.Year) * 12 + now.Month - anchor.Month);
        if (index > 0 && anchor.AddMonths(index) > now)
        {
            index--;
        }

        return At(anchor, index);
    }

    /// <summary>The period <paramref name="index"/> months after the anchor.</summary>
    public static BillingPeriod At(DateTimeOffset anchor, int index) =>
        new(index, anchor.AddMonths(index), anchor.AddMonths(index + 1));
}
