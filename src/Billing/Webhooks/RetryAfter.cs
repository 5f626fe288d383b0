using System.Globalization;

namespace Billing.Webhooks;

/// <summary>The header by which a receiver says when it wants to be asked again.</summary>
/// <remarks>Source: RFC 9110, 10.2.3 and 5.6.7: whole seconds, or a date in one of three formats.</remarks>
public static class RetryAfter
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly string[] Dates = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>How long to wait, 0 to <see cref="Longest"/>; null for what says nothing.</summary>
    /// <param name="now">When the answer came, by the clock that dates are to be read by.</param>
    public static TimeSpan? Read(string? value, DateTimeOffset now)
    {
        var text = value?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (text.All(char.IsAsciiDigit))
        {
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, (long)Longest.TotalSeconds)) : Longest;
        }

        return DateTimeOffset.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite | DateTimeStyles.AssumeUniversal, out var date)
            ? new TimeSpan(Math.Clamp((date - now).Ticks, 0, Longest.Ticks))
            : null;
    }
}
