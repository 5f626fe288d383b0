using System.Diagnostics;
using Billing.Benchmarks.Measuring;
using Billing.Engine.Committing;
using Billing.Engine.Due;
using Billing.Storage;

namespace Billing.Benchmarks.Sweeps;

/// <summary>What one sweep came to.</summary>
/// <param name="Found">Due links that were read.</param>
/// <param name="Finding">Requests of the timer's part: finding and sending.</param>
/// <param name="Consuming">Requests of the consumers' part: receiving, catching up, tidying, deleting.</param>
/// <param name="Elapsed">Both parts.</param>
internal sealed record Sweep(int Found, StorageRequests Finding, StorageRequests Consuming, TimeSpan Elapsed)
{
    public long Requests => Finding.Total + Consuming.Total;

    /// <summary>One after the other.</summary>
    public static Sweep operator +(Sweep one, Sweep other) => new(
        one.Found + other.Found, one.Finding.Plus(other.Finding), one.Consuming.Plus(other.Consuming), one.Elapsed + other.Elapsed);
}

/// <summary>One run of a job in a process that has just started, and all that comes of it.</summary>
internal sealed class SweepRun(BenchmarkStorage storage, TimeProvider clock)
{
    public async Task<Sweep> RunAsync(string job, int due)
    {
        var progress = new Progress($"{job}", due);
        var writer = new WorkspaceWriter(storage.Ports(clock));
        var consumer = new DueConsumer(job, storage.Store, storage.Messages, writer, clock);
        var watch = Stopwatch.StartNew();
        var start = storage.Meter.Snapshot();
        var run = await new DueJob(storage.Store, storage.Messages, ShardMap.One, clock).RunAsync(job, default);
        var found = storage.Meter.Snapshot();
        await new QueueRun(consumer, storage.Receiver, message => progress.Advance(message.Count(character => character == ',') + 1)).RunAsync();
        progress.End();
        return new Sweep(run.Due, found - start, storage.Meter.Snapshot() - found, watch.Elapsed);
    }
}
