using System.Collections.Frozen;
using System.Diagnostics;
using Billing.Api.Telemetry;
using Billing.Jobs;
using Billing.Storage;
using Microsoft.Extensions.Logging;

namespace Billing.Api.Jobs;

/// <summary>Hands messages to their consumers, and tells of it: what the Host's pumps and the Functions app's triggers have in common.</summary>
public sealed partial class MessageDesk(IEnumerable<IConsumer> consumers, BillingMetrics metrics, ILogger<MessageDesk> logger)
{
    private readonly FrozenDictionary<string, IConsumer> _consumers = consumers.ToFrozenDictionary(consumer => consumer.Queue);

    /// <summary>The queues that have a consumer.</summary>
    public IEnumerable<string> QueueNames => _consumers.Keys;

    /// <summary>Has a message consumed. What has begun comes to its end: that the process stops is no reason to give a message up.</summary>
    public async Task<Consumption> ConsumeAsync(string queue, Delivery delivery)
    {
        using var span = Spans.Source.StartActivity("process " + queue, ActivityKind.Consumer);
        span?.SetTag("messaging.operation.type", "process").SetTag("messaging.destination.name", queue).SetTag("messaging.message.id", delivery.Id);
        metrics.Consumed(queue, DateTimeOffset.UtcNow - delivery.InsertedAt);
        try
        {
            var consumption = delivery.IsText
                ? await _consumers[queue].ConsumeAsync(delivery.Body, CancellationToken.None).ConfigureAwait(false)
                : Consumption.Parked("it is not text");
            if (consumption.Kind == ConsumptionKind.Dropped)
            {
                Log.Dropped(logger, queue, delivery.Id, consumption.Reason);
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
    public void GaveUp(string queue, Delivery delivery, string reason, Exception? exception)
    {
        metrics.Poisoned(queue);
        Log.Poison(logger, exception, queue, delivery.Id, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Error, "{Queue}: message {MessageId} is poison: {Reason}")]
        public static partial void Poison(ILogger logger, Exception? exception, string queue, string messageId, string reason);

        [LoggerMessage(102, LogLevel.Information, "{Queue}: message {MessageId} was dropped: {Reason}")]
        public static partial void Dropped(ILogger logger, string queue, string messageId, string? reason);
    }
}
