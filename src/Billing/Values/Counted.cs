using System.Globalization;

namespace Billing;

/// <summary>Counts in sentences for people, with the plurals right.</summary>
public static class Counted
{
    /// <summary><c>1 credit</c>, <c>2.5 credits</c>.</summary>
    public static string Of(Credits count, string noun) => $"{count} {(count == new Credits(1_000) ? noun : noun + "s")}";

    /// <summary><c>1 generation</c>, <c>0 generations</c>.</summary>
    public static string Of(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? noun : noun + "s")}");

    /// <summary>The verb that goes with a count.</summary>
    public static string Are(Credits count) => count == new Credits(1_000) ? "is" : "are";

    /// <summary>The verb that goes with a count.</summary>
    public static string Are(long count) => count == 1 ? "is" : "are";
}
