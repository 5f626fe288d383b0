using System.Collections.Immutable;
using Billing.Engine.Ports;

namespace Billing.Engine.Due;

/// <summary>What one run of a job found.</summary>
/// <param name="Job">The job, which is also its queue.</param>
/// <param name="Sent">Messages that were sent for them.</param>
/// <param name="FailedShards">Shards that were away: what is due there waits for the next run.</param>
public sealed record DueRun(string Job, int Due, int Sent, ImmutableArray<int> FailedShards);

/// <summary>
/// Finds what is due and sends messages for it: what a timer runs. It reads only due hours of the index, so its cost grows with what is due and not with
/// how many workspaces there are. It may run twice, or at the same time on two instances; nothing minds. Each shard is looked at on its own.
/// </summary>
public sealed class DueJob(ITableStore store, IMessageQueue messages, ShardMap shards, TimeProvider clock)
{
    /// <summary>No run sends for more workspaces of a shard; the next one goes on.</summary>
    public const int Most = 200_000;

    private const int AtOnce = 8;

    /// <exception cref="StorageUnavailableException">Every shard is away.</exception>
    public async Task<DueRun> RunAsync(string job, CancellationToken cancellation)
    {
        var runs = await Task.WhenAll(shards.All.Select(shard => TryAsync(job, shard, cancellation))).ConfigureAwait(false);
        if (runs.All(run => run.Fault is not null))
        {
            throw new StorageUnavailableException($"{job}: no shard answers.", runs[0].Fault);
        }

        return new DueRun(job, runs.Sum(run => run.Due), runs.Sum(run => run.Sent), [.. runs.Where(run => run.Fault is not null).Select(run => run.Shard)]);
    }

    private async Task<ShardRun> TryAsync(string job, int shard, CancellationToken cancellation)
    {
        var run = new ShardRun(shard);
        try
        {
            await RunAsync(job, run, cancellation).ConfigureAwait(false);
        }
        catch (StorageUnavailableException fault)
        {
            run.Fault = fault;
        }

        return run;
    }

    private async Task RunAsync(string job, ShardRun run, CancellationToken cancellation)
    {
        var range = DueIndexEntry.Until(job, clock.GetUtcNow());
        while (run.Due < Most && await store.FindDueAsync(run.Shard, range, 1, cancellation).ConfigureAwait(false) is [{ Partition: var hour }])
        {
            await SendAsync(hour, run, cancellation).ConfigureAwait(false);
            range = range with { From = hour.Key + " " };
        }
    }

    private async Task SendAsync(Partition hour, ShardRun run, CancellationToken cancellation)
    {
        var entry = DueIndexEntry.Of(hour);
        var queue = new ShardQueue(run.Shard, entry.Job);
        await foreach (var some in store.RowsAsync(hour, new KeyRange("", "~"), cancellation).Take(Most - run.Due).Chunk(DueMessage.Most * AtOnce).ConfigureAwait(false))
        {
            var sent = some.Chunk(DueMessage.Most).Select(rows => new DueMessage(entry, [.. rows.Select(row => row.Key)])).ToList();
            await Task.WhenAll(sent.Select(message => messages.SendAsync(queue, message.ToText(), TimeSpan.Zero, cancellation))).ConfigureAwait(false);
            run.Due += some.Length;
            run.Sent += sent.Count;
        }
    }

    /// <summary>What a run has done in one shard so far, also when that goes away meanwhile.</summary>
    private sealed class ShardRun(int shard)
    {
        public int Shard => shard;

        public int Due { get; set; }

        public int Sent { get; set; }

        public StorageUnavailableException? Fault { get; set; }
    }
}
