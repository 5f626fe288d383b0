using System.Globalization;
using System.Text.RegularExpressions;

namespace Billing;

/// <summary>How instants are written: RFC 3339, UTC, ending in <c>Z</c>, milliseconds only where there are any.</summary>
public static partial class Instants
{
    /// <summary>What is said of text that is no instant.</summary>
    public const string MustBe = "must be an RFC 3339 time such as 2025-11-01T00:00:00Z";

    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads RFC 3339 with any offset, and cuts it to whole milliseconds. False for anything else, and for leap seconds.</summary>
    public static bool TryParse(string? text, out DateTimeOffset at)
    {
        at = default;
        var parts = Rfc3339().Match(text ?? "");
        var local = $"{parts.Groups["day"]} {parts.Groups["time"]}.{parts.Groups["milliseconds"].Value.PadRight(3, '0')}";
        if (!parts.Success || !DateTime.TryParseExact(local, "yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read))
        {
            return false;
        }

        var offset = parts.Groups["offset"].Success ? TimeSpan.ParseExact(parts.Groups["offset"].ValueSpan, "hh':'mm", CultureInfo.InvariantCulture) : TimeSpan.Zero;
        var ticks = read.Ticks + (parts.Groups["sign"].Value == "-" ? offset.Ticks : -offset.Ticks);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks)
        {
            return false;
        }

        at = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>Cut to whole milliseconds, UTC: the precision that everything is stored in.</summary>
    public static DateTimeOffset Milliseconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    /// <summary>Cut to whole seconds, UTC: the precision of billing anniversaries.</summary>
    public static DateTimeOffset WholeSecond(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());

    [GeneratedRegex(
        @"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<milliseconds>[0-9]{1,3})[0-9]*)?([Zz]|(?<sign>[+-])(?<offset>([01][0-9]|2[0-3]):[0-5][0-9]))\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Rfc3339();

    /// <summary>The earliest of those that are; null when none is.</summary>
    public static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> instants)
    {
        DateTimeOffset? earliest = null;
        foreach (var instant in instants)
        {
            earliest = earliest is null || instant < earliest ? instant : earliest;
        }

        return earliest;
    }
}
