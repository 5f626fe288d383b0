namespace Billing.Reading;

/// <summary>Orders paths of fields as people count: <c>items[2]</c> before <c>items[10]</c>.</summary>
internal sealed class PathOrder : IComparer<string>
{
    public static readonly PathOrder Instance = new();

    private PathOrder()
    {
    }

    public int Compare(string? x, string? y)
    {
        var (left, right) = (x ?? "", y ?? "");
        for (var (i, j) = (0, 0); i < left.Length && j < right.Length;)
        {
            var (one, other) = (PartAt(left, i), PartAt(right, j));
            if (ComparePart(one, other) is not 0 and var order)
            {
                return order;
            }

            (i, j) = (i + one.Length, j + other.Length);
        }

        // Where all that both have is alike, the longer comes last; numbers with zeros in front are still two texts.
        return left.Length != right.Length ? left.Length - right.Length : string.CompareOrdinal(left, right);
    }

    private static int ComparePart(string one, string other)
    {
        if (!char.IsAsciiDigit(one[0]) || !char.IsAsciiDigit(other[0]))
        {
            return string.CompareOrdinal(one, other);
        }

        var (number, bound) = (one.TrimStart('0'), other.TrimStart('0'));
        return number.Length != bound.Length ? number.Length - bound.Length : string.CompareOrdinal(number, bound);
    }

    /// <summary>A whole number, or one other character.</summary>
    private static string PartAt(string text, int start)
    {
        var end = start + 1;
        while (char.IsAsciiDigit(text[start]) && end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return text[start..end];
    }
}
