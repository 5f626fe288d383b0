using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace Billing.Api.Callers;

/// <summary>The time by which what was looked up lately is forgotten. It is real time, not the one clock: that may stand still. A simulation brings its own.</summary>
public sealed class CacheTime(TimeProvider time) : ISystemClock
{
    private const int MostRemembered = 100_000;

    /// <inheritdoc/>
    public DateTimeOffset UtcNow => time.GetUtcNow();

    /// <summary>A new cache, bounded.</summary>
    public MemoryCache NewCache() => new(new MemoryCacheOptions { SizeLimit = MostRemembered, Clock = this });
}
