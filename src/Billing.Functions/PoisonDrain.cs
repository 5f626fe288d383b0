using Billing.Api.Jobs;
using Billing.Engine.Due;
using Billing.Engine.Ports;
using Billing.Storage;

namespace Billing.Functions;

/// <summary>
/// Brings what the Functions host gave up to where an operator finds it. It is next to nothing, so a timer looks for it: seven more triggers would poll all
/// day.
/// </summary>
public sealed class PoisonDrain(QueueFeed feed, QueueReceiver receiver, ShardMap shards)
{
    /// <summary>Every quarter of an hour. The Functions host's poison queues keep messages for a week.</summary>
    public const string Schedule = "45 */15 * * * *";

    /// <summary>What the Functions host appends to a queue's name for messages that it gives up.</summary>
    public const string HostSuffix = "-poison";

    private static readonly TimeSpan Visibility = TimeSpan.FromMinutes(1);

    private static readonly Disposition.Park Reason = new(
        $"The Functions host gave it up after {QueueFeed.MostDeliveries} deliveries that came to no end; the log has the exceptions, if there were any.", null);

    /// <summary>Each shard on its own: one that is away keeps no message of another's waiting.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(shards.All.Select(shard => RunAsync(shard, cancellation)));

    private async Task RunAsync(int shard, CancellationToken cancellation)
    {
        foreach (var name in Queues.All)
        {
            var (queue, poison) = (new ShardQueue(shard, name), new ShardQueue(shard, name + HostSuffix));
            while (await receiver.ReceiveAsync(poison, QueueReceiver.MaxBatch, Visibility, cancellation) is { Length: > 0 } given)
            {
                foreach (var message in given)
                {
                    await feed.ParkAsync(queue, message, Reason);
                    await receiver.DeleteAsync(poison, message, cancellation);
                }
            }
        }
    }
}
