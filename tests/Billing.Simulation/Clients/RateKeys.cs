using Billing.Engine.Committing;
using Billing.RateLimits;

namespace Billing.Simulation.Clients;

/// <summary>API keys with limits so small that they are reached.</summary>
internal static class RateKeys
{
    public static readonly RateHit Sliding = new("key_sliding", new RateLimit(5, 60, RateLimitKind.Sliding));

    /// <summary>Counts what is admitted, whatever is asked.</summary>
    public static readonly RateHit Generations = new("key_generations", new RateLimit(7, 3_600, RateLimitKind.FixedHour, RateUnit.Generations));

    public static readonly RateHit Hourly = new("key_hourly", new RateLimit(6, 3_600, RateLimitKind.FixedHour));
}
