using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Benchmarks.Rivals.Serving;

/// <summary>The workspaces of a rival: known to the service and to the load by their number alone.</summary>
internal static class RivalWorkspaces
{
    /// <summary>What each begins with, in thousandths of a credit.</summary>
    public const long Balance = 1_000_000_000;

    public static string IdOf(int number) => "ws_" + number.ToString("d16", CultureInfo.InvariantCulture);

    public static string KeyOf(int number) => "key_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(IdOf(number))))[..40];

    /// <summary>Workspaces by key.</summary>
    public static FrozenDictionary<string, string> ByKey(int count) => Enumerable.Range(0, count).ToFrozenDictionary(KeyOf, IdOf, StringComparer.Ordinal);
}
