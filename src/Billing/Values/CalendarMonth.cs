using System.Globalization;

namespace Billing;

/// <summary>A calendar month in UTC: what an overage invoice covers.</summary>
/// <param name="Number">Months since year 0.</param>
public readonly record struct CalendarMonth(int Number)
{
    public static CalendarMonth Of(DateTimeOffset at) => new(at.UtcDateTime.Year * 12 + at.UtcDateTime.Month - 1);

    /// <summary>First instant of the month, UTC.</summary>
    public DateTimeOffset StartsAt => new(Number / 12, Number % 12 + 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>First instant after the month, UTC.</summary>
    public DateTimeOffset EndsAt => StartsAt.AddMonths(1);

    /// <summary><c>yyyy-MM</c>.</summary>
    public override string ToString() => StartsAt.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
