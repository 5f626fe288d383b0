using System.Globalization;

namespace Billing.InMemory;

/// <summary>Where a list of an in-memory table stands. Its first page is empty, its second holds one row at most; the others hold what they can.</summary>
/// <param name="Number">Pages before this one.</param>
/// <param name="From">The first key that may still come.</param>
internal readonly record struct PageStep(int Number, string From)
{
    /// <summary>Most rows that this page looks at, whatever was asked for.</summary>
    public int Most => Number < 2 ? Number : int.MaxValue - 1;

    /// <summary>Where a page with this continuation begins.</summary>
    public static PageStep Of(KeyRange range, string? continuation) => continuation?.Split(' ', 2) is [var number, var from]
        ? new PageStep(int.Parse(number, CultureInfo.InvariantCulture), from)
        : new PageStep(0, range.From);

    /// <summary>The continuation to the page after this one.</summary>
    public string Next(string from) => string.Create(CultureInfo.InvariantCulture, $"{Number + 1} {from}");
}
