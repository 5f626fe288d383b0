namespace Billing;

/// <summary>A half-open range of row keys, by ordinal comparison.</summary>
public readonly record struct KeyRange(string From, string To)
{
    public static KeyRange StartingWith(string prefix) => new(prefix, prefix[..^1] + (char)(prefix[^1] + 1));
}
