using System.Diagnostics;
using Billing.Benchmarks.Measuring;
using Billing.Benchmarks.Reports;
using Billing.Testing;

namespace Billing.Benchmarks.Workers;

/// <summary>The Functions worker, alone and beside an older build of it, under a stand-in for the Functions host: what an admit costs it, and how long a cold start takes.</summary>
internal sealed class WorkerBenchmark(BenchmarkOptions options, Azurite azurite)
{
    private const int ColdStarts = 3;
    private readonly int _workspaces = options.Sized(200);
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(4 * options.Seconds);

    public async Task<Section> RunAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new InvalidOperationException("The worker is measured on Linux only: processor time of other processes is read from /proc.");
        }

        var candidates = new List<WorkerScore> { new("this build", options.Worker ?? await PublishAsync()) };
        if (options.Before is { } before)
        {
            candidates.Add(new("before", before));
        }

        // The first round makes emulator and load generator warm and counts for nothing.
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var candidate in round % 2 == 0 ? Enumerable.Reverse(candidates) : candidates)
            {
                await PlayAsync(round == 0 ? candidate with { Turns = [], Starts = [] } : candidate, round);
            }
        }

        return WorkerReport.Of(candidates, options.Rounds, _workspaces);
    }

    private static async Task<string> PublishAsync()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "worker");
        using var publish = Process.Start("dotnet", ["publish", Path.Combine(Repository.Root, "src/Billing.Functions"), "-c", "Release", "-o", folder, "-v", "quiet"]);
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? folder : throw new InvalidOperationException("The worker could not be published.");
    }

    private async Task PlayAsync(WorkerScore candidate, int round)
    {
        var app = new WorkerApp(candidate.Folder, azurite);
        await using (var worker = await app.StartAsync("Development"))
        {
            await worker.OpenAsync(_workspaces);
            foreach (var clients in new[] { 1, 64 })
            {
                var turn = await MeasureAsync(worker, clients);
                candidate.Turns.Add(turn);
                Say(round, candidate, FormattableString.Invariant($"{clients} clients: {turn.Load.PerSecond:n0}/s, {turn.Milliseconds:0.00} ms of processor an admit"));
            }
        }

        for (var i = 0; i < ColdStarts; i++)
        {
            await using var worker = await app.StartAsync("Production");
            var start = await worker.FirstAsync();
            candidate.Starts.Add(start);
            Say(round, candidate, FormattableString.Invariant($"first 200 after {start.Answer:0} ms, first 201 after {start.Admit:0} ms, {start.AnswerCpu:0} and {start.AdmitCpu:0} ms of processor"));
        }

        await app.EndAsync();
    }

    private async Task<WorkerTurn> MeasureAsync(RunningWorker worker, int clients)
    {
        using var http = worker.Connect(clients);
        Task AdmitAsync(int client, int number) => worker.AdmitAsync(http, number);
        var admits = options.Sized(clients == 1 ? options.Admits / 3 : options.Admits);
        await new ClosedLoop(clients, Math.Max(_workspaces, admits / 2), _limit).MeasureAsync(null, AdmitAsync);
        var before = worker.ProcessorTime();
        var sample = await new ClosedLoop(clients, admits, _limit).MeasureAsync(null, AdmitAsync, tidy: false);
        return new WorkerTurn(clients, sample, worker.ProcessorTime() - before);
    }

    private void Say(int round, WorkerScore candidate, string what) => Console.Error.WriteLine(
        FormattableString.Invariant($"round {round} of {options.Rounds}: {candidate.Name}, {what} (load {Machine.Look().Load:0.0})"));
}
