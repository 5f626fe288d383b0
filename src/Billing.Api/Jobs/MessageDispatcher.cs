using System.Collections.Frozen;
using System.Diagnostics;
using Billing.Api.Plans;
using Billing.Api.Telemetry;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Storage;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Jobs;

/// <summary>Hands messages to their consumers, and tells of it: what the Host's pumps and the Functions app's triggers have in common.</summary>
public sealed partial class MessageDispatcher(IEnumerable<IConsumer> consumers, MessageRetries retries, PlanMemory plans, BillingMetrics metrics, ILogger<MessageDispatcher> logger)
{
    private readonly FrozenDictionary<string, IConsumer> _consumers = consumers.ToFrozenDictionary(consumer => consumer.Queue);

    /// <summary>The queues that have a consumer.</summary>
    public IEnumerable<string> QueueNames => _consumers.Keys;

    /// <summary>Has a message consumed and decides what becomes of it.</summary>
    public async Task<Disposition> HandleAsync(ShardQueue queue, ReceivedMessage message)
    {
        if (MessageRetries.KillsProcesses(message) is { } killer)
        {
            return killer;
        }

        try
        {
            return await ConsumeAsync(queue, message).ConfigureAwait(false) is { Kind: ConsumptionKind.Parked, Reason: { } reason }
                ? new Disposition.Park(reason, null)
                : new Disposition.Done();
        }
#pragma warning disable CA1031 // whatever it is, the message is tried again, and given up with its reason in the end
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var next = retries.After(message, exception, DateTimeOffset.UtcNow);
            if (next is Disposition.Again again)
            {
                Log.MessageFailed(logger, exception, queue, message.Id, (int)again.Pause.TotalSeconds);
            }

            return next;
        }
    }

    /// <summary>Has a message consumed. What has begun comes to its end: that the process stops is no reason to give a message up.</summary>
    public async Task<Consumption> ConsumeAsync(ShardQueue queue, ReceivedMessage message)
    {
        using var span = Spans.Source.StartActivity("process " + queue.Name, ActivityKind.Consumer);
        span?.SetTag("messaging.operation.type", "process").SetTag("messaging.destination.name", queue.Name).SetTag("billing.shard", queue.Shard).SetTag("messaging.message.id", message.Id);
        metrics.Consumed(queue, DateTimeOffset.UtcNow - message.InsertedAt);
        try
        {
            await plans.ReadyAsync(CancellationToken.None).ConfigureAwait(false);
            var consumption = message.IsText
                ? await _consumers[queue.Name].ConsumeAsync(message.Body, CancellationToken.None).ConfigureAwait(false)
                : Consumption.Parked("it is not text");
            if (consumption.Kind == ConsumptionKind.Dropped)
            {
                Log.Dropped(logger, queue, message.Id, consumption.Reason);
            }

            return consumption;
        }
        catch (Exception exception)
        {
            span.Fail(exception.GetType().FullName!);
            throw;
        }
    }

    /// <summary>Tells of a message that was given up.</summary>
    public void GaveUp(ShardQueue queue, ReceivedMessage message, string reason, Exception? exception)
    {
        metrics.Poisoned(queue);
        Log.Poison(logger, exception, queue, message.Id, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Error, "{Queue}: message {MessageId} is poison: {Reason}")]
        public static partial void Poison(ILogger logger, Exception? exception, ShardQueue queue, string messageId, string reason);

        [LoggerMessage(102, LogLevel.Information, "{Queue}: message {MessageId} was dropped: {Reason}")]
        public static partial void Dropped(ILogger logger, ShardQueue queue, string messageId, string? reason);

        [LoggerMessage(103, LogLevel.Warning, "{Queue}: message {MessageId} failed and is tried again in {Seconds} s")]
        public static partial void MessageFailed(ILogger logger, Exception exception, ShardQueue queue, string messageId, int seconds);
    }
}
