using System.Collections.Frozen;
using System.Globalization;
using Billing.Jobs;
using Billing.Storage;
using Microsoft.Extensions.Logging;

namespace Billing.Functions.QueueTriggers;

/// <summary>
/// Hands a message to its consumer, as Billing.Host's pumps do. What comes back without an exception is deleted by the Functions host; an exception makes it
/// deliver the message again. Messages are decoded here (host.json: <c>messageEncoding</c> none), so that one which is not text is not lost on the way.
/// </summary>
public sealed partial class QueueFeed(IEnumerable<IConsumer> consumers, QueueReceiver receiver, ILogger<QueueFeed> logger)
{
    /// <summary>Deliveries of one message before it is given up: host.json's <c>maxDequeueCount</c>.</summary>
    public const int MostTries = 5;

    /// <summary>What the Functions host appends to a queue's name for messages that it gives up itself, because a worker died over them.</summary>
    public const string HostPoisonSuffix = "-poison";

    /// <summary>The metric that counts messages that were given up.</summary>
    public const string PoisonMetric = "billing_poison_messages";

    private readonly FrozenDictionary<string, IConsumer> _consumers = consumers.ToFrozenDictionary(consumer => consumer.Queue);

    /// <summary>Consumes a message. What has begun comes to its end: that the instance stops is no reason to give a message up.</summary>
    public async Task ConsumeAsync(string queue, string raw, FunctionContext context)
    {
        var delivery = DeliveryOf(raw, context);
        try
        {
            var consumption = delivery.IsText
                ? await _consumers[queue].ConsumeAsync(delivery.Body, CancellationToken.None)
                : Consumption.Parked("it is not text");
            switch (consumption.Kind)
            {
                case ConsumptionKind.Parked:
                    await GiveUpAsync(queue, delivery, consumption.Reason!, null);
                    break;
                case ConsumptionKind.Dropped:
                    Log.Dropped(logger, queue, delivery.Id, consumption.Reason);
                    break;
            }
        }
        catch (Exception exception) when (delivery.DequeueCount >= MostTries)
        {
            await GiveUpAsync(queue, delivery, $"{exception.GetType().Name}: {exception.Message}", exception);
        }
    }

    /// <summary>Brings a message that the Functions host gave up to where an operator finds it.</summary>
    /// <param name="queue">Where it came from, without the suffix.</param>
    /// <param name="raw">Its text as it lay in the queue.</param>
    /// <param name="context">The trigger's.</param>
    public Task GiveUpAsync(string queue, string raw, FunctionContext context) =>
        GiveUpAsync(queue, DeliveryOf(raw, context), $"The Functions host gave it up after {MostTries} deliveries; the log has the exceptions, if there were any.", null);

    private async Task GiveUpAsync(string queue, Delivery delivery, string reason, Exception? exception)
    {
        await receiver.ParkAsync(queue, delivery, reason, CancellationToken.None);
        Log.Poison(logger, exception, queue, delivery.Id, reason);
        logger.LogMetric(PoisonMetric, 1, new Dictionary<string, object> { ["queue"] = queue });
    }

    private static Delivery DeliveryOf(string raw, FunctionContext context)
    {
        var about = context.BindingContext.BindingData;
        var tries = long.TryParse(about.GetValueOrDefault("DequeueCount")?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;
        return QueueReceiver.Open(about.GetValueOrDefault("Id")?.ToString() ?? context.InvocationId, "", raw, tries, default);
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Error, "{Queue}: message {MessageId} is poison: {Reason}")]
        public static partial void Poison(ILogger logger, Exception? exception, string queue, string messageId, string reason);

        [LoggerMessage(102, LogLevel.Information, "{Queue}: message {MessageId} was dropped: {Reason}")]
        public static partial void Dropped(ILogger logger, string queue, string messageId, string? reason);
    }
}
