using System.Globalization;
using System.Security.Cryptography;

namespace Billing.Engine.Committing;

/// <summary>Names for commits that no other commit has, of this process or of another.</summary>
internal sealed class CommitNames
{
    private readonly string _process = RandomNumberGenerator.GetHexString(10, lowercase: true);
    private long _count;

    public string Next() => string.Create(CultureInfo.InvariantCulture, $"{_process}{Interlocked.Increment(ref _count):x}");

    /// <summary>What nobody can guess.</summary>
    public static string Secret() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
