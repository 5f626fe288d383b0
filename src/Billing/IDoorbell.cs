using System.Collections.Immutable;

namespace Billing;

/// <summary>The queue port: a message that says "look at this row". The row is the truth; a lost, doubled, late or reordered message changes nothing.</summary>
public interface IDoorbell
{
    /// <summary>Enqueues <paramref name="message"/>, hidden for <paramref name="delay"/>. Messages never expire.</summary>
    Task<Ring> RingAsync(string queue, string message, TimeSpan delay, CancellationToken cancellation);

    /// <summary>Makes a hidden ring visible now. A failure is harmless: the ring shows itself when its delay is over.</summary>
    Task RevealAsync(Ring ring, CancellationToken cancellation);
}

/// <summary>A doorbell that was rung.</summary>
/// <param name="Queue">Which queue.</param>
/// <param name="Message">What it says.</param>
/// <param name="MessageId">The queue's name for it.</param>
/// <param name="Receipt">What lets its sender make it visible.</param>
public sealed record Ring(string Queue, string Message, string MessageId, string Receipt);

/// <summary>The queues, as named in storage.</summary>
public static class Queues
{
#pragma warning disable CS1591 // the names say it
    public const string Refunds = "refunds";
    public const string Renewals = "renewals";
    public const string OverageCharges = "overage-charges";
    public const string Expirations = "expirations";
    public const string Retention = "retention";
    public const string Audits = "audits";
    public const string Webhooks = "webhook-deliveries";
#pragma warning restore CS1591

    /// <summary>
    /// Ends the name of the queue where messages that were given up wait for an operator; nothing consumes it. It is not <c>-poison</c>, because that one
    /// is the Functions host's own: its messages expire after a week, and a trigger brings them here.
    /// </summary>
    public const string PoisonSuffix = "-parked";

    /// <summary>Every queue, without the poison queue that each of them has.</summary>
    public static readonly ImmutableArray<string> All = [Refunds, Renewals, OverageCharges, Expirations, Retention, Audits, Webhooks];
}
