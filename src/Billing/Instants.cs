using System.Globalization;

namespace Billing;

/// <summary>How instants are written: RFC 3339, UTC, ending in <c>Z</c>, milliseconds only where there are any.</summary>
public static class Instants
{
    /// <summary>The text of an instant.</summary>
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads RFC 3339 with an offset; false for anything else.</summary>
    public static bool TryParse(string? text, out DateTimeOffset at)
    {
        at = default;
        if (text is null || text.Length is < 20 or > 35 || (text[10] is not ('T' or 't')))
        {
            return false;
        }

        if (!DateTimeOffset.TryParseExact(text.ToUpperInvariant(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read))
        {
            return false;
        }

        at = Milliseconds(read);
        return true;
    }

    /// <summary>Cut to whole milliseconds, UTC: the precision that everything is stored in.</summary>
    public static DateTimeOffset Milliseconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];
}
