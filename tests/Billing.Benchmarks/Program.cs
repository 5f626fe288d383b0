using Billing.Benchmarks;
using Billing.Benchmarks.Admits;
using Billing.Benchmarks.Measuring;
using Billing.Benchmarks.Reports;
using Billing.Benchmarks.Rivals;
using Billing.Benchmarks.Rivals.Serving;
using Billing.Benchmarks.Sweeps;
using Billing.Benchmarks.Workers;
using Billing.Testing;

if (args is [RivalService.Command, RivalService.Postgres or RivalService.Plain])
{
    return await RivalService.RunAsync(args[1]);
}

if (BenchmarkOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(BenchmarkOptions.Usage);
    return 2;
}

// The emulator keeps everything in memory, and Node's own limit is 4 GiB.
Environment.SetEnvironmentVariable("NODE_OPTIONS", "--max-old-space-size=12000");
await using var azurite = await Azurite.StartAsync();
var machine = Machine.Look();
var sections = new List<Section>();
if (options.Runs(BenchmarkKind.Admit))
{
    sections.Add(await new AdmitBenchmark(options, azurite.ConnectionString).RunAsync());
}

if (options.Runs(BenchmarkKind.Sweeps))
{
    sections.Add(await new SweepBenchmark(options, azurite.ConnectionString).RunAsync());
}

if (options.Kind == BenchmarkKind.Soak)
{
    sections.Add(await new Soak(options, azurite.ConnectionString).RunAsync());
}

if (options.Kind == BenchmarkKind.Rivals)
{
    sections.Add(await new RivalBenchmark(options, azurite).RunAsync());
}

if (options.Kind == BenchmarkKind.Worker)
{
    sections.Add(await new WorkerBenchmark(options, azurite).RunAsync());
}

sections = [.. sections.Select(section => section.Measured(machine, options))];
sections.ForEach(section => Console.WriteLine(section.Text));
if (options.Write)
{
    sections.ForEach(Documents.Write);
}

return sections.Exists(section => section.Misses > 0) ? 1 : 0;
