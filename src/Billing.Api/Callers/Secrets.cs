using System.Security.Cryptography;
using System.Text;

namespace Billing.Api.Callers;

/// <summary>A set of secret texts, compared in constant time: by their hashes, all of them, always.</summary>
public sealed class Secrets(IEnumerable<string> texts)
{
    private readonly byte[][] _hashes = [.. texts.Select(Hash)];

    /// <summary>True when <paramref name="text"/> is one of them.</summary>
    public bool Contains(string text)
    {
        var hash = Hash(text);
        var found = false;
        foreach (var known in _hashes)
        {
            found |= CryptographicOperations.FixedTimeEquals(known, hash);
        }

        return found;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
