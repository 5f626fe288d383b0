using System.Globalization;
using Billing.Api.Jobs;
using Billing.Engine.Ports;
using Billing.Storage;
using Microsoft.Extensions.Logging;

namespace Billing.Functions;

/// <summary>
/// Hands a message to its consumer, as Billing.Host's pumps do. What comes back without an exception is deleted by the Functions host, so one to try again
/// goes into its queue anew; while the queue does not take it, the exception makes the Functions host deliver it again after its visibility timeout.
/// Messages are decoded here (host.json: <c>messageEncoding</c> none), so that one which is not text is not lost on the way.
/// </summary>
public sealed class QueueFeed(MessageDispatcher dispatcher, QueueReceiver receiver, ILogger<QueueFeed> logger)
{
    /// <summary>
    /// Deliveries in a row that end neither here nor in the queue before the Functions host gives a message up, because workers die over it: host.json's
    /// <c>maxDequeueCount</c>.
    /// </summary>
    public const int MostDeliveries = 10;

    /// <summary>The metric that counts messages that were given up.</summary>
    public const string PoisonMetric = "billing_poison_messages";

    public async Task ConsumeAsync(string name, string raw, FunctionContext context)
    {
        var queue = ShardTriggers.QueueOf(name, context.FunctionDefinition.Name);
        var message = DeliveryOf(raw, context);
        switch (await dispatcher.HandleAsync(queue, message))
        {
            case Disposition.Park park:
                await ParkAsync(queue, message, park);
                break;
            case Disposition.Again again:
                await receiver.SendAgainAsync(queue, message with { Attempts = again.Attempts }, again.Pause, CancellationToken.None);
                break;
        }
    }

    public async Task ParkAsync(ShardQueue queue, ReceivedMessage message, Disposition.Park park)
    {
        await receiver.ParkAsync(queue, message, park.Reason, CancellationToken.None);
        dispatcher.GaveUp(queue, message, park.Reason, park.Exception);
        logger.LogMetric(PoisonMetric, 1, new Dictionary<string, object> { ["queue"] = queue.Name, ["shard"] = $"{queue.Shard}" });
    }

    private static ReceivedMessage DeliveryOf(string raw, FunctionContext context)
    {
        var about = context.BindingContext.BindingData;
        var tries = long.TryParse(about.GetValueOrDefault("DequeueCount")?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;
        var insertedAt = Instants.TryParse(about.GetValueOrDefault("InsertionTime")?.ToString()?.Trim('"'), out var at) ? at : DateTimeOffset.UtcNow;
        return QueueReceiver.Open(about.GetValueOrDefault("Id")?.ToString() ?? context.InvocationId, "", raw, tries, insertedAt);
    }
}
