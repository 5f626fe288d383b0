using System.Collections.Immutable;

namespace Billing.Api.Health;

/// <summary>The answer of <c>GET /health</c>.</summary>
/// <param name="Status">Ok, or degraded while a shard other than the directory's is away; what is worse answers 503.</param>
/// <param name="Storage">Likewise.</param>
/// <param name="Now">The service's clock.</param>
/// <param name="Version">Which release this is.</param>
/// <param name="Commit">Which commit it was built from; null when it was built outside a repository.</param>
/// <param name="Checks">What was looked at, in each shard.</param>
public sealed record HealthView(string Status, string Storage, DateTimeOffset Now, string Version, string? Commit, ImmutableArray<HealthCheckView> Checks);

/// <summary>One thing that the service, or the workspaces of a shard, cannot do without.</summary>
/// <param name="Name">What.</param>
/// <param name="Shard">In which shard.</param>
/// <param name="Status">Whether it answers.</param>
/// <param name="LatencyMs">Milliseconds that it took to answer, or that it was waited for.</param>
public sealed record HealthCheckView(string Name, int Shard, CheckStatus Status, long LatencyMs);

/// <summary>How a check came out.</summary>
public enum CheckStatus
{
    /// <summary>It answers.</summary>
    Ok,

    /// <summary>It does not.</summary>
    Failed,
}
