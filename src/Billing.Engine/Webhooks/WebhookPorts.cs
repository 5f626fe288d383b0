using System.Collections.Immutable;
using Billing.Engine.Committing;
using Billing.Engine.Ports;
using Billing.Webhooks;

namespace Billing.Engine.Webhooks;

/// <summary>What deliveries need from outside.</summary>
/// <param name="Clock">The one clock. It may stand still: real waits are the queue's.</param>
/// <param name="Backoff">Waits, in real time, before something is tried again; by how often it failed, from 1.</param>
public sealed record WebhookPorts(
    ITableStore Store, IMessageQueue Messages, WorkspaceWriter Writer, TimeProvider Clock, WebhookSend Send, Func<int, Task> Backoff, Func<TimeSpan, Task> Wait)
{
    /// <summary>Is told of an attempt that could not be made or stored: which delivery, and why. Its note brings it back.</summary>
    public Action<string, Exception>? Failed { get; init; }

    internal DeliveryIndex Index { get; } = new(Store);

    internal DateTimeOffset Now => Instants.Milliseconds(Clock.GetUtcNow());
}

/// <summary>Sends one request and tells what came of it, within <see cref="WebhookRequest.TimeLimit"/>. It throws for bugs only.</summary>
public delegate Task<WebhookAnswer> WebhookSend(WebhookRequest request);

public sealed record WebhookRequest(string Url, ImmutableArray<(string Name, string Value)> Headers, ReadOnlyMemory<byte> Body)
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    /// <summary>Bytes of the answer's body that are remembered.</summary>
    public const int AnswerKept = 1_024;
}
