using System.Diagnostics;
using Billing.Storage;

namespace Billing.Benchmarks.Measuring;

/// <summary>Clients that each send the next request when the last one is answered.</summary>
/// <param name="Clients">How many.</param>
/// <param name="Operations">Requests of all of them together.</param>
/// <param name="Limit">No request begins after this.</param>
internal sealed record ClosedLoop(int Clients, int Operations, TimeSpan Limit)
{
    /// <summary>Measures.</summary>
    /// <param name="meter">Counts the requests to storage; null where this process sends none.</param>
    /// <param name="operation">One request, by its client and its number.</param>
    /// <param name="tidy">What earlier measures left behind is not this one's to clear away; false where that would take longer than the measure.</param>
    public async Task<Sample> MeasureAsync(StorageMeter? meter, Func<int, int, Task> operation, bool tidy = true)
    {
        if (tidy)
        {
            GC.Collect();
        }

        var latencies = Enumerable.Range(0, Clients).Select(_ => new List<double>()).ToArray();
        var requests = meter?.Snapshot();
        var allocated = GC.GetTotalAllocatedBytes();
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        var next = -1;
        await Task.WhenAll(latencies.Select((mine, client) => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number < Operations && watch.Elapsed < Limit)
            {
                var began = Stopwatch.GetTimestamp();
                await operation(client, number);
                mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        })));

        var elapsed = watch.Elapsed;
        var all = latencies.SelectMany(one => one).ToList();
        return new Sample(all.Count, elapsed, all)
        {
            Requests = meter?.Snapshot() - requests,
            Allocated = GC.GetTotalAllocatedBytes() - allocated,
            Cpu = Environment.CpuUsage.TotalTime - cpu,
        };
    }
}
