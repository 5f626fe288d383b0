using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Billing.RateLimits;

/// <summary>Hits that were accepted in the same millisecond.</summary>
/// <param name="At">Milliseconds since 1970.</param>
/// <param name="Count">How many; at least 1.</param>
internal readonly record struct HitRun(long At, int Count);

/// <summary>
/// Runs of hits as text: <c>1:&lt;milliseconds of the first&gt;:</c>, then for every run the milliseconds since the one before and,
/// where it holds more than one hit, <c>*</c> and their number. Numbers are written five bits a character, lowest first; a character
/// of the alphabet's second half says that more follow. A gap below 32 ms takes one character, below 1,024 two, below 32,768 three.
/// </summary>
internal static class HitRuns
{
    private const string Version = "1:";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private const char Times = '*';
    private const int BitsPerCharacter = 5;
    private const int More = 1 << BitsPerCharacter;
    private const int MaxBits = 40;
    private const long Latest = 253_402_300_799_999; // the end of year 9999

    public static string ToText(ImmutableArray<HitRun> runs)
    {
        var first = runs.IsEmpty ? 0 : runs[0].At;
        var text = new StringBuilder(Version, capacity: 256);
        text.Append(CultureInfo.InvariantCulture, $"{first}:");
        var previous = first;
        foreach (var (at, count) in runs)
        {
            Append(text, at - previous);
            if (count > 1)
            {
                text.Append(Times);
                Append(text, count);
            }

            previous = at;
        }

        return text.ToString();
    }

    public static ImmutableArray<HitRun> Parse(string text)
    {
        var rest = text.AsSpan();
        var colon = rest.StartsWith(Version, StringComparison.Ordinal) ? rest[Version.Length..].IndexOf(':') : -1;
        if (colon < 1 || !long.TryParse(rest.Slice(Version.Length, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var at))
        {
            throw Malformed();
        }

        rest = rest[(Version.Length + colon + 1)..];
        var runs = ImmutableArray.CreateBuilder<HitRun>(rest.Length);
        var hits = 0L;
        while (!rest.IsEmpty)
        {
            var gap = Read(ref rest);
            var count = 1L;
            if (!rest.IsEmpty && rest[0] == Times)
            {
                rest = rest[1..];
                count = Read(ref rest);
            }

            at += gap;
            hits += count;
            if (gap == 0 != (runs.Count == 0) || at > Latest || count < 1 || hits > int.MaxValue)
            {
                throw Malformed();
            }

            runs.Add(new HitRun(at, (int)count));
        }

        return runs.DrainToImmutable();
    }

    private static void Append(StringBuilder text, long value)
    {
        for (; value >= More; value /= More)
        {
            text.Append(Alphabet[(int)(value % More) + More]);
        }

        text.Append(Alphabet[(int)value]);
    }

    private static long Read(ref ReadOnlySpan<char> text)
    {
        var value = 0L;
        for (var bits = 0; bits < MaxBits && !text.IsEmpty; bits += BitsPerCharacter)
        {
            var digit = Digit(text[0]);
            text = text[1..];
            value += (long)(digit % More) << bits;
            if (digit < More)
            {
                return value;
            }
        }

        throw Malformed();
    }

    private static int Digit(char character) => character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= 'a' and <= 'z' => character - 'a' + 26,
        >= '0' and <= '9' => character - '0' + 52,
        '-' => 62,
        '_' => 63,
        _ => throw Malformed(),
    };

    private static FormatException Malformed() => new("This is not the text of a rate window.");
}
