namespace Billing.Reading;

internal static class DidYouMean
{
    private const int MaxLength = 40;
    private const int MaxDistance = 2;

    /// <summary>The nearest of <paramref name="names"/>, case and underscores aside; null when none is near.</summary>
    public static string? Closest(string written, IEnumerable<string> names) => written.Length > MaxLength ? null : names
        .Select(name => (Name: name, Distance: Distance(Bare(written), Bare(name))))
        .Where(candidate => candidate.Distance <= Math.Min(MaxDistance, candidate.Name.Length / 3))
        .OrderBy(candidate => candidate.Distance)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    private static string Bare(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
