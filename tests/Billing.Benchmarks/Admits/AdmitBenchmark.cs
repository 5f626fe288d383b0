using Billing.Benchmarks.Measuring;
using Billing.Benchmarks.Reports;

namespace Billing.Benchmarks.Admits;

/// <summary>How fast admissions are, side by side on the same emulator: the raw ceiling, ours in process and over HTTP, and what most teams write.</summary>
internal sealed class AdmitBenchmark(BenchmarkOptions options, string connectionString)
{
    private static readonly int[] Clients = [1, 8, 64, 256];
    private readonly HotWorkspace _hot = new(options.Sized(1_000), TimeSpan.FromSeconds(options.Seconds));
    private readonly Crowd _crowd = new(options.Sized(1_000), options.Sized(4_000), TimeSpan.FromSeconds(options.Seconds));

    private sealed record Candidate(string Group, string Name, int Clients, Func<Stage, Task<Sample>> MeasureAsync);

    public async Task<Section> RunAsync()
    {
        var (alone, full) = await CaptureAsync();
        var candidates = Candidates(alone, full);

        // The first round makes everything warm and counts for nothing.
        var board = new Scoreboard();
        for (var round = 0; round <= options.Rounds; round++)
        {
            board = round == 1 ? new Scoreboard() : board;
            await PlayAsync(round, candidates, alone, board);
        }

        return AdmitReport.Of(board, alone, full, options.Rounds);
    }

    private async Task<(CommitShape Alone, CommitShape Full)> CaptureAsync()
    {
        await using var storage = await BenchmarkStorage.CreateAsync(connectionString);
        return await CommitShape.CaptureAsync(storage);
    }

    private async Task PlayAsync(int round, List<Candidate> candidates, CommitShape alone, Scoreboard board)
    {
        await using var stage = await Stage.OpenAsync(connectionString, options.Http);
        var (raw, writer) = await new AloneMeasure(options.Sized(300)).RunAsync(stage, alone);
        board.Add(Groups.Alone, Groups.Raw, 1, raw);
        board.Add(Groups.Alone, Groups.Writer, 1, writer);
        foreach (var candidate in round % 2 == 0 ? candidates.AsEnumerable().Reverse() : candidates)
        {
            var sample = await candidate.MeasureAsync(stage);
            board.Add(candidate.Group, candidate.Name, candidate.Clients, sample);
            await Console.Error.WriteLineAsync(
                FormattableString.Invariant($"round {round} of {options.Rounds}: {candidate.Group}, {candidate.Name}, {candidate.Clients}: {sample.PerSecond:n0}/s (load {Machine.Look().Load:0.0})"));
        }
    }

    private List<Candidate> Candidates(CommitShape alone, CommitShape full)
    {
        var two = alone.OfTwoEntities();
        var fullest = full.Fullest();
        List<Candidate> candidates =
        [
            new(Groups.Hot, Groups.Raw, 1, stage => _hot.RawAsync(stage, full)),
            new(Groups.Hot, Groups.RawFullest, 1, stage => _hot.RawAsync(stage, fullest)),
            .. Clients.Select(clients => new Candidate(Groups.Hot, Groups.Writer, clients, stage => _hot.WriterAsync(stage, clients))),
            new(Groups.Hot, Groups.Keyless, 64, stage => _hot.WriterAsync(stage, 64, withKey: false)),
            .. Clients.Where(_ => options.Http).Select(clients => new Candidate(Groups.Hot, Groups.Http, clients, stage => _hot.HttpAsync(stage, clients))),
            new(Groups.Hot, Groups.Plain, 1, stage => _hot.PlainAsync(stage, 1, alone)),
            new(Groups.Hot, Groups.Plain, 32, stage => _hot.PlainAsync(stage, 32, alone)),
            new(Groups.Crowd, Groups.RawTwo, 64, stage => _crowd.RawAsync(stage, 64, two)),
            new(Groups.Crowd, Groups.Raw, 64, stage => _crowd.RawAsync(stage, 64, alone)),
            .. Clients.Select(clients => new Candidate(Groups.Crowd, Groups.Writer, clients, stage => _crowd.WriterAsync(stage, clients))),
            new(Groups.Crowd, Groups.Keyless, 64, stage => _crowd.WriterAsync(stage, 64, withKey: false)),
            .. Clients.Where(_ => options.Http).Select(clients => new Candidate(Groups.Crowd, Groups.Http, clients, stage => _crowd.HttpAsync(stage, clients))),
        ];
        return candidates;
    }
}
