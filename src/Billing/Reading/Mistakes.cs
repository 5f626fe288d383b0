using System.Collections.Immutable;

namespace Billing.Reading;

/// <summary>What is wrong with something that was read: path of a field and message, in the order in which they were found. Bounded, whatever was sent.</summary>
public sealed class Mistakes
{
    /// <summary>Most that are kept.</summary>
    public const int Most = 100;

    private const int MostInDetail = 5;
    private const int LongestPath = 100;
    private readonly List<(string Path, string Message)> _all = [];

    public bool Any => _all.Count > 0;

    public ImmutableArray<string> Lines => [.. _all.Select(one => $"{one.Path}: {one.Message}")];

    public void Add(string path, string message)
    {
        var mistake = (Shown(path), message);
        if (_all.Count < Most && !_all.Contains(mistake))
        {
            _all.Add(mistake);
        }
    }

    /// <summary>INVALID_REQUEST with all of them; null when there are none.</summary>
    public Refusal? Refusal() => !Any ? null : new Refusal(RefusalCodes.InvalidRequest, string.Join("; ", Lines.Take(MostInDetail)))
    {
        Errors = _all.GroupBy(one => one.Path)
            .ToImmutableSortedDictionary(group => group.Key, group => group.Select(one => one.Message).ToImmutableArray(), PathOrder.Instance),
    };

    private static string Shown(string path)
    {
        if (path.Length <= LongestPath)
        {
            return path;
        }

        var end = char.IsHighSurrogate(path[LongestPath - 1]) ? LongestPath - 1 : LongestPath;
        return path[..end] + "…";
    }
}
