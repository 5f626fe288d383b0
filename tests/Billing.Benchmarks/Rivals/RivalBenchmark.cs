using System.Globalization;
using Billing.Benchmarks.Admits;
using Billing.Benchmarks.Measuring;
using Billing.Benchmarks.Reports;
using Billing.Testing;

namespace Billing.Benchmarks.Rivals;

/// <summary>The product as a service beside what a team would build instead, one after the other on the same machine under the same load.</summary>
internal sealed class RivalBenchmark(BenchmarkOptions options, Azurite azurite)
{
    private const int OpeningClients = 32;
    private readonly IReadOnlyList<Load> _loads = Load.All(options);
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(4 * options.Seconds);

    public async Task<Section> RunAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new InvalidOperationException("The rivals are measured on Linux only: processor time of other processes is read from /proc.");
        }

        var (postgres, whyNot) = options.HostsOnly ? (null, "only Hosts were asked for") : PostgresInstallation.Find();
        var remark = postgres is null ? $"PostgreSQL was not measured: {whyNot}." : $"{await postgres.VersionAsync()}, on a disk that takes {SyncTime()} to write a page of 8 KiB and to sync it.";
        await Console.Error.WriteLineAsync(remark);
        var candidates = Candidates(postgres);

        // The first round makes emulator and load generator warm and counts for nothing.
        var board = new RivalBoard();
        for (var round = 0; round <= options.Rounds; round++)
        {
            board = round == 1 ? new RivalBoard() : board;
            foreach (var candidate in round % 2 == 0 ? candidates.AsEnumerable().Reverse() : candidates)
            {
                await PlayAsync(round, candidate, board);
            }
        }

        return RivalReport.Of(board, [.. candidates.Select(candidate => candidate.Name)], [.. _loads.Select(load => load.Name)], options.Rounds, remark);
    }

    private static string SyncTime() => string.Create(CultureInfo.InvariantCulture, $"{Disk.SyncMilliseconds():0.00} ms");

    private List<Candidate> Candidates(PostgresInstallation? postgres)
    {
        List<Candidate> candidates = [new(Candidate.Ours, 1, new HostCandidate(Server.Host, azurite).StartAsync)];
        if (options.Before is { } before)
        {
            candidates.Add(new Candidate(Candidate.Before, 1, new HostCandidate(before, azurite).StartAsync));
        }

        if (postgres is not null)
        {
            candidates.Add(new Candidate(Candidate.Postgres, RivalReport.PostgresTimes, workspaces => ServedCandidates.PostgresAsync(postgres, fsync: true, workspaces)));
            candidates.Add(new Candidate(Candidate.PostgresWithoutSync, RivalReport.PostgresTimes, workspaces => ServedCandidates.PostgresAsync(postgres, fsync: false, workspaces)));
        }

        if (!options.HostsOnly)
        {
            candidates.Add(new Candidate(Candidate.Plain, 1, workspaces => ServedCandidates.PlainAsync(azurite, workspaces)));
        }

        return candidates;
    }

    private async Task PlayAsync(int round, Candidate candidate, RivalBoard board)
    {
        await using var contender = await candidate.StartAsync(_loads.Max(load => load.WorkspacesNeeded));
        board.Promises[candidate.Name] = await Promises.SeeAsync(contender.Server, contender.CustomerKeys[0]);
        using (var http = contender.Server.Connect(OpeningClients))
        {
            await Parallel.ForEachAsync(
                contender.CustomerKeys, new ParallelOptions { MaxDegreeOfParallelism = OpeningClients }, async (key, _) => await contender.Server.AdmitAsync(http, key));
        }

        foreach (var load in _loads.Reverse())
        {
            var turn = await MeasureAsync(contender, load, candidate.Times);
            board.Add(load.Name, candidate.Name, turn);
            await Console.Error.WriteLineAsync(FormattableString.Invariant(
                $"round {round} of {options.Rounds}: {candidate.Name}, {load.Name}: {turn.PerSecond:n0}/s, server {turn.ServerMilliseconds:0.00} ms and {turn.AllocatedKiB:0} KiB, storage {turn.StorageMilliseconds:0.00} ms an admit (load {Machine.Look().Load:0.0})"));
        }
    }

    private async Task<Turn> MeasureAsync(Contender contender, Load load, int times)
    {
        using var http = contender.Server.Connect(load.Clients);
        Task AdmitAsync(int client, int number) =>
            contender.Server.AdmitAsync(http, contender.CustomerKeys[load.FirstWorkspace + number % load.Workspaces]);

        await load.WarmUp(_limit / 4).MeasureAsync(null, AdmitAsync);
        var allocated = await contender.Server.AllocatedAsync();
        var (server, storage) = (contender.Server.ProcessorTime(), ProcessorTime.OfTree(contender.StorageId));
        var sample = await load.Loop(times, _limit).MeasureAsync(null, AdmitAsync, tidy: false);
        return new Turn(
            sample,
            contender.Server.ProcessorTime() - server,
            ProcessorTime.OfTree(contender.StorageId) - storage,
            await contender.Server.AllocatedAsync() - allocated);
    }
}
