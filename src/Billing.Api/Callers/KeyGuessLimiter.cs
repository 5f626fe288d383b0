using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Callers;

/// <summary>
/// Slows down who guesses keys. A key with a wrong checksum costs no storage call; one with a right checksum that is not stored costs one, and an address
/// has only so many of those a minute. Kept per process: it protects storage, not a quota.
/// </summary>
public sealed partial class KeyGuessLimiter(TimeProvider clock, CacheTime time, ClientAddresses addresses, ILogger<KeyGuessLimiter> logger) : IDisposable
{
    private const int MostPerMinute = 30;
    private readonly MemoryCache _misses = time.NewCache();

    /// <summary>When an address that has used up its guesses may go on.</summary>
    public DateTimeOffset NextMinute => DateTimeOffset.FromUnixTimeSeconds((Minute + 1) * 60);

    private long Minute => clock.GetUtcNow().ToUnixTimeSeconds() / 60;

    /// <summary>True when the address may have another key looked up.</summary>
    public bool Allows(HttpRequest request) =>
        !_misses.TryGetValue(KeyOf(request), out Counter? counter) || Volatile.Read(ref counter!.Misses) < MostPerMinute;

    /// <summary>Notes that a well-formed key was not found.</summary>
    public void Miss(HttpRequest request)
    {
        var counter = _misses.GetOrCreate(KeyOf(request), entry =>
        {
            entry.Size = 1;
            entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1);
            return new Counter();
        })!;
        if (Interlocked.Increment(ref counter.Misses) == MostPerMinute)
        {
            Log.GuessesRefused(logger, addresses.Of(request), MostPerMinute);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _misses.Dispose();

    private string KeyOf(HttpRequest request) => string.Create(CultureInfo.InvariantCulture, $"{addresses.Of(request)}@{Minute}");

    private sealed class Counter
    {
        public int Misses;
    }

    private static partial class Log
    {
        [LoggerMessage(4, LogLevel.Warning, "{Address} sent {Count} unknown keys within a minute; its other unknown keys are refused until the next")]
        public static partial void GuessesRefused(ILogger logger, string address, int count);
    }
}
