using System.Security.Cryptography;
using System.Text;

namespace Billing;

/// <summary>Ids. Those of a workspace's things carry the workspace: <c>gen_&lt;workspace, 16&gt;&lt;rest&gt;</c>, so an id alone finds its row.</summary>
public static class Ids
{
    /// <summary>Characters after <c>ws_</c>.</summary>
    public const int WorkspaceKeyLength = 16;

    /// <summary>Characters of <c>ws_</c>.</summary>
    public const int WorkspacePrefixLength = 3;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's base 32: sorts as the number does
    private const int TimeLength = 9;
    private const long LastMillisecond = (1L << 45) - 1;

    /// <summary>An id from random bytes: <c>ws_…</c>, <c>acct_…</c>; 10 bytes make 16 characters.</summary>
    public static string Random(string prefix, ReadOnlySpan<byte> random) => $"{prefix}_{Text(random)}";

    /// <summary>The id of a workspace in a shard, which is its first character; the others are of 10 random bytes.</summary>
    public static string OfShard(int shard, ReadOnlySpan<byte> random) => $"ws_{Alphabet[shard]}{Text(random).AsSpan(1)}";

    /// <summary>The id of a workspace that belongs to no customer: shard, mark and number.</summary>
    public static string OfLane(int shard, string mark, int number) => $"ws_{Alphabet[shard]}{mark}{Alphabet[number]}";

    /// <summary>The value of one character, which is a digit; −1 when it is none.</summary>
    public static int DigitAt(string id, int place) => Alphabet.IndexOf(id[place], StringComparison.Ordinal);

    /// <summary>A key that sorts by time: 9 characters of milliseconds, then randomness.</summary>
    public static string TimeOrdered(DateTimeOffset now, ReadOnlySpan<byte> random) => TimePart(now) + Text(random);

    /// <summary>The least key that <see cref="TimeOrdered"/> makes at an instant.</summary>
    public static string TimePart(DateTimeOffset at) => Text((ulong)Math.Max(0, at.ToUnixTimeMilliseconds()), TimeLength);

    public static DateTimeOffset TimeOf(string key)
    {
        long value = 0;
        foreach (var digit in key.AsSpan(0, TimeLength))
        {
            value = value * 32 + Alphabet.IndexOf(digit, StringComparison.Ordinal);
        }

        return DateTimeOffset.FromUnixTimeMilliseconds(value);
    }

    /// <summary>A key made from a name that others gave: the same for the same name.</summary>
    public static string Digest(string name, int bytes = 10) => Text(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, bytes));

    public static string Of(string prefix, string workspaceId, string key) => $"{prefix}_{workspaceId.AsSpan(WorkspacePrefixLength)}{key}";

    public static string Of(string prefix, string workspaceId, long sequence) => Of(prefix, workspaceId, TextOf(sequence));

    /// <summary>An instant as part of a row key: what is later comes first.</summary>
    public static string NewestFirst(DateTimeOffset at) => TextOf(LastMillisecond - at.ToUnixTimeMilliseconds());

    /// <summary>A number as keys hold it: 9 characters that sort as the number does.</summary>
    public static string TextOf(long number) => Text((ulong)number, TimeLength);

    /// <summary>Takes an id apart; false when it is not one with this prefix.</summary>
    public static bool TryParse(string prefix, string? id, out string workspaceId, out string key)
    {
        workspaceId = key = "";
        var start = prefix.Length + 1;
        if (id is null || id.Length <= start + WorkspaceKeyLength || id.Length > 80
            || !id.StartsWith(prefix, StringComparison.Ordinal) || id[prefix.Length] != '_' || !IsKey(id.AsSpan(start)))
        {
            return false;
        }

        workspaceId = string.Concat("ws_", id.AsSpan(start, WorkspaceKeyLength));
        key = id[(start + WorkspaceKeyLength)..];
        return true;
    }

    /// <summary>The number in a key made by <see cref="Of(string, string, long)"/>; null when it is none.</summary>
    public static long? NumberOf(string key) => key.Length == TimeLength && !key.Contains('-', StringComparison.Ordinal)
        ? TimeOf(key).ToUnixTimeMilliseconds()
        : null;

    /// <summary>True for what could be an id with this prefix and 16 characters: nothing else is ever looked up.</summary>
    public static bool IsWellFormed(string prefix, string? id) =>
        id is not null && id.Length == prefix.Length + 1 + WorkspaceKeyLength
        && id.StartsWith(prefix, StringComparison.Ordinal) && id[prefix.Length] == '_' && IsKey(id.AsSpan(prefix.Length + 1)) && !id.Contains('-', StringComparison.Ordinal);

    private static bool IsKey(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!Alphabet.Contains(character, StringComparison.Ordinal) && character != '-')
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(ulong value, int length) => string.Create(length, value, static (span, number) =>
    {
        for (var i = span.Length - 1; i >= 0; i--)
        {
            span[i] = Alphabet[(int)(number % 32)];
            number /= 32;
        }
    });

    /// <summary>Bytes as base 32; trailing bits that do not fill a character are left out.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var bits = 0;
        var buffer = 0;
        foreach (var one in bytes)
        {
            buffer = ((buffer << 8) + one) & 0xFFFF;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                text.Append(Alphabet[(buffer >> (bits - 5)) & 31]);
            }
        }

        return text.ToString();
    }
}
