using System.Globalization;

namespace Billing.Client;

internal static class Instants
{
    /// <summary>As the wire has it: UTC, to the millisecond.</summary>
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
