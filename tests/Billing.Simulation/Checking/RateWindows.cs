using Billing.RateLimits;
using Billing.Simulation.Runs;

namespace Billing.Simulation.Checking;

/// <summary>Proves that no window of a key's limit let in more than the limit.</summary>
internal static class RateWindows
{
    /// <summary>Only for runs in which all clocks agree: else what an instance calls a hit's time is not when it was counted.</summary>
    public static void Prove(World world, Proof proof)
    {
        foreach (var (hit, hits) in proof.Hits)
        {
            var limit = hit.Override!;
            var length = TimeSpan.FromSeconds(limit.WindowSeconds);
            var times = hits.Order().ToList();
            for (var i = 0; i < times.Count; i++)
            {
                var from = limit.Kind == RateLimitKind.Sliding ? times[i] : new DateTimeOffset(times[i].Ticks - times[i].Ticks % length.Ticks, TimeSpan.Zero);
                var within = times.Count(time => time >= from && time < from + length);
                world.Require(within <= limit.Limit, "No window is over its limit", () => $"{hit.Window}: {within} from {from:O}, {limit}");
            }
        }
    }
}
