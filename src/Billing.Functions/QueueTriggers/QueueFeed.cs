using System.Globalization;
using Billing.Api.Jobs;
using Billing.Jobs;
using Billing.Storage;
using Microsoft.Extensions.Logging;

namespace Billing.Functions.QueueTriggers;

/// <summary>
/// Hands a message to its consumer, as Billing.Host's pumps do. What comes back without an exception is deleted by the Functions host; an exception makes it
/// deliver the message again. Messages are decoded here (host.json: <c>messageEncoding</c> none), so that one which is not text is not lost on the way.
/// </summary>
public sealed class QueueFeed(MessageDesk desk, QueueReceiver receiver, ILogger<QueueFeed> logger)
{
    /// <summary>Deliveries of one message before it is given up: host.json's <c>maxDequeueCount</c>.</summary>
    public const int MostTries = 5;

    /// <summary>What the Functions host appends to a queue's name for messages that it gives up itself, because a worker died over them.</summary>
    public const string HostPoisonSuffix = "-poison";

    /// <summary>The metric that counts messages that were given up.</summary>
    public const string PoisonMetric = "billing_poison_messages";

    /// <summary>Consumes a message.</summary>
    public async Task ConsumeAsync(string queue, string raw, FunctionContext context)
    {
        var delivery = DeliveryOf(raw, context);
        try
        {
            if (await desk.ConsumeAsync(queue, delivery) is { Kind: ConsumptionKind.Parked, Reason: { } reason })
            {
                await GiveUpAsync(queue, delivery, reason, null);
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
        desk.GaveUp(queue, delivery, reason, exception);
        logger.LogMetric(PoisonMetric, 1, new Dictionary<string, object> { ["queue"] = queue });
    }

    private static Delivery DeliveryOf(string raw, FunctionContext context)
    {
        var about = context.BindingContext.BindingData;
        var tries = long.TryParse(about.GetValueOrDefault("DequeueCount")?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;
        var insertedAt = Instants.TryParse(about.GetValueOrDefault("InsertionTime")?.ToString()?.Trim('"'), out var at) ? at : DateTimeOffset.UtcNow;
        return QueueReceiver.Open(about.GetValueOrDefault("Id")?.ToString() ?? context.InvocationId, "", raw, tries, insertedAt);
    }
}
