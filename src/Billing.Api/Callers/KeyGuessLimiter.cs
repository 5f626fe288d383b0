using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Callers;

/// <summary>
/// Slows down who guesses keys. A key with a wrong checksum costs no storage call; one with a right checksum that is not stored costs one, and an address
/// has only so many of those a minute. Kept per process: it protects storage, not a quota.
/// </summary>
public sealed partial class KeyGuessLimiter(TimeProvider clock, CacheTime time, ClientAddresses addresses, ILogger<KeyGuessLimiter> logger) : IDisposable
{
    private const int MostPerMinute = 30;
    private readonly MinuteCounts _misses = new(clock, time);

    /// <summary>When an address that has used up its guesses may go on.</summary>
    public DateTimeOffset NextMinute => _misses.NextMinute;

    /// <summary>True when the address may have another key looked up.</summary>
    public bool Allows(HttpRequest request) => _misses.Of(addresses.Of(request)) < MostPerMinute;

    /// <summary>Notes that a well-formed key was not found.</summary>
    public void Miss(HttpRequest request)
    {
        var address = addresses.Of(request);
        if (_misses.Add(address) == MostPerMinute)
        {
            Log.GuessesRefused(logger, address, MostPerMinute);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _misses.Dispose();

    private static partial class Log
    {
        [LoggerMessage(4, LogLevel.Warning, "{Address} sent {Count} unknown keys within a minute; its other unknown keys are refused until the next")]
        public static partial void GuessesRefused(ILogger logger, string address, int count);
    }
}
