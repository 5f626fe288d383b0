using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Billing.Benchmarks.Admits;
using Billing.Benchmarks.Measuring;
using Billing.Benchmarks.Reports;
using Billing.Engine.Committing;

namespace Billing.Benchmarks;

/// <summary>Minutes of load over more workspaces than a process may hold in memory: what it holds must not grow.</summary>
internal sealed class Soak(BenchmarkOptions options, string connectionString)
{
    private const int MostHeld = 8_192 + 512;
    private const int Workers = 16;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private sealed record Look(TimeSpan At, long Admits, double HeapMiB, double WorkingSetMiB, int Held);

    public async Task<Section> RunAsync()
    {
        await using var storage = await BenchmarkStorage.CreateAsync(connectionString);
        var count = options.Sized(10_000);
        await Console.Error.WriteLineAsync($"opening {count} workspaces");
        var customers = await Customers.OpenAsync(storage, count);
        var writer = new WorkspaceWriter(storage.Ports(TimeProvider.System));
        var length = options.Quick ? TimeSpan.FromSeconds(30) : TimeSpan.FromMinutes(options.Minutes);
        var looks = await LoadAsync(writer, customers, length);
        return Report(looks, count);
    }

    private async Task<List<Look>> LoadAsync(WorkspaceWriter writer, ImmutableArray<Customer> customers, TimeSpan length)
    {
        var admits = 0L;
        var watch = Stopwatch.StartNew();
        var load = Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < length)
            {
                // Paced: the emulator keeps every row in memory.
                var ahead = TimeSpan.FromSeconds((double)Interlocked.Increment(ref admits) / options.Rate) - watch.Elapsed;
                if (ahead > TimeSpan.Zero)
                {
                    await Task.Delay(ahead);
                }

                await writer.AdmitAsync(customers[Random.Shared.Next(customers.Length)].WorkspaceId);
            }
        })).ToList();
        var looks = new List<Look>();
        var ended = Task.WhenAll(load);
        while (await Task.WhenAny(ended, Task.Delay(options.Quick ? LookEvery / 5 : LookEvery)) != ended)
        {
            looks.Add(TakeLook(watch.Elapsed, Interlocked.Read(ref admits), writer));
            await Console.Error.WriteLineAsync(Line(looks[^1]));
        }

        await ended;
        return looks;
    }

    private static Look TakeLook(TimeSpan at, long admits, WorkspaceWriter writer)
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true) / 1_048_576.0;
        return new Look(at, admits, heap, Environment.WorkingSet / 1_048_576.0, writer.Held);
    }

    private static string Line(Look look) => string.Create(
        CultureInfo.InvariantCulture, $"| {look.At:mm\\:ss} | {look.Admits:n0} | {look.HeapMiB:0.0} | {look.WorkingSetMiB:0} | {look.Held:n0} |");

    private static Section Report(List<Look> looks, int workspaces)
    {
        // What is held fills up first; after that nothing may grow.
        var third = looks.Count / 3;
        var (middle, last) = (looks.GetRange(third, third), looks.GetRange(looks.Count - third, third));
        var growth = last.Select(look => look.HeapMiB).Median() / middle.Select(look => look.HeapMiB).Median();
        var set = last.Select(look => look.WorkingSetMiB).Median() / middle.Select(look => look.WorkingSetMiB).Median();
        var every = Math.Max(1, looks.Count / 20);
        var table = new StringBuilder("| time | admits | heap MiB | working set MiB | workspaces held |\n|--:|--:|--:|--:|--:|\n");
        foreach (var look in looks.Where((_, index) => index % every == 0 || index == looks.Count - 1))
        {
            table.Append(Line(look)).Append('\n');
        }

        var body = string.Create(CultureInfo.InvariantCulture, $"""
            Admits in process, spread evenly over {workspaces:n0} workspaces; the heap is measured after a full collection.

            {table}
            """);
        return new Section("soak", "Memory", body,
        [
            Target.AtMost("heap, last third of the time to the middle one", 1.1, growth, " ×"),
            Target.AtMost("working set, last third of the time to the middle one", 1.25, set, " ×"),
            Target.AtMost("workspaces held in memory", MostHeld, looks.Max(look => look.Held), ""),
        ]);
    }
}
