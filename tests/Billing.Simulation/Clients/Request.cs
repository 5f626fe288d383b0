using Billing.Engine.Committing;
using Billing.Simulation.Instances;

namespace Billing.Simulation.Clients;

/// <summary>Something a client wants.</summary>
/// <param name="Label">For the trace.</param>
/// <param name="WorkspaceId">Of which workspace.</param>
/// <param name="Make">The work, made anew by each instance that it is sent to, as its endpoint does.</param>
internal sealed record Request<T>(string Label, string WorkspaceId, Func<Instance, Work<T>> Make)
{
    /// <summary>True when the client sends it again while it has no answer.</summary>
    public bool Repeats { get; init; }

    /// <summary>What it is sent with, when it has an Idempotency-Key.</summary>
    public OperationKey? Operation { get; init; }

    /// <summary>The answer that goes over the wire.</summary>
    public Func<T, Reply>? Answer { get; init; }

    /// <summary>The hit on a key's limit that comes with it.</summary>
    public RateHit? Rate { get; init; }
}

/// <summary>What an answer says of a request: whatever it was, for those who check all of them.</summary>
internal sealed record Answered(string Label, string WorkspaceId, OperationKey? Operation, RateHit? Rate, bool ReadsAccount, int VersionWhenAsked)
{
    public DateTimeOffset AskedAt { get; init; }
}
