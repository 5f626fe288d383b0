using System.Security.Cryptography;
using System.Text;

namespace Billing.Api.Callers;

/// <summary>A list of secret texts, compared in constant time: by their hashes, all of them, always.</summary>
public sealed class Secrets(IEnumerable<string> texts)
{
    private readonly byte[][] _hashes = [.. texts.Select(Hash)];

    /// <summary>True when <paramref name="text"/> is one of them.</summary>
    public bool Contains(string text) => PlaceOf(text) >= 0;

    /// <summary>Where <paramref name="text"/> stands among them; -1 when it does not. No two are the same.</summary>
    public int PlaceOf(string text)
    {
        var hash = Hash(text);
        var place = 0;
        for (var i = 0; i < _hashes.Length; i++)
        {
            // No branch: which one it is takes as long as whether it is any.
            place |= (i + 1) & -Convert.ToInt32(CryptographicOperations.FixedTimeEquals(_hashes[i], hash));
        }

        return place - 1;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
