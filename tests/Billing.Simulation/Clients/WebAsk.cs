using Billing.Simulation.Instances;

namespace Billing.Simulation.Clients;

/// <summary>A request over HTTP, and what it is about.</summary>
/// <param name="Request">As it is sent, each time to the byte.</param>
/// <param name="WorkspaceId">Whose; empty before there is one.</param>
internal sealed record WebAsk(WebRequest Request, string WorkspaceId)
{
    /// <summary>True when it comes by a test key.</summary>
    public bool Test { get; init; }

    /// <summary>What an admission is marked by, in its metadata; null for other requests.</summary>
    public string? Mark { get; init; }

    /// <summary>The price that was quoted; null without a quote.</summary>
    public decimal? Quoted { get; init; }

    /// <summary>Within which its Idempotency-Key is one; null without one.</summary>
    public string? Scope => Request.IdempotencyKey is { } key ? $"{WorkspaceId} {(Test ? "test" : "live")} {Request.Line} {key}" : null;
}
