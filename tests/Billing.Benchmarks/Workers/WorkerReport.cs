using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Billing.Benchmarks.Measuring;
using Billing.Benchmarks.Reports;

namespace Billing.Benchmarks.Workers;

/// <summary>What one round of one load came to.</summary>
internal sealed record WorkerTurn(int Clients, Sample Load, TimeSpan Cpu)
{
    public double Milliseconds => Cpu.TotalMilliseconds / Load.Operations;
}

/// <summary>Milliseconds from the start of the process to the first answer and to the first admission, and the processor time until then.</summary>
internal sealed record ColdStart(double Answer, double Admit, double AnswerCpu, double AdmitCpu);

/// <summary>What one build came to.</summary>
internal sealed record WorkerScore(string Name, string Folder)
{
    public List<WorkerTurn> Turns { get; init; } = [];

    public List<ColdStart> Starts { get; init; } = [];

    public IEnumerable<WorkerTurn> Of(int clients) => Turns.Where(turn => turn.Clients == clients);

    /// <summary>Milliseconds of processor an admit, in the middle round.</summary>
    public double Cpu(int clients) => Of(clients).Select(turn => turn.Milliseconds).Median();

    /// <summary>How much of another's, in the middle round: both had the same machine in each.</summary>
    public double CpuAgainst(WorkerScore other, int clients) =>
        Of(clients).Zip(other.Of(clients), (mine, theirs) => mine.Milliseconds / theirs.Milliseconds).Median();

    public double Start(Func<ColdStart, double> figure) => Starts.Select(figure).Median();
}

/// <summary>The table of all.</summary>
internal static class WorkerReport
{
    public static Section Of(IReadOnlyList<WorkerScore> scores, int rounds, int workspaces) => new(
        "worker",
        "The Functions worker",
        string.Create(CultureInfo.InvariantCulture, $"""
            {rounds} rounds by turns, every figure is the middle one's. Published ready to run, under a stand-in for the Functions host that speaks its protocol;
            processor time is the worker's alone, the admits are spread over {workspaces} workspaces. What the Functions host itself takes, it cannot show.

            {Table(scores)}
            """),
        Targets(scores));

    private static string Table(IReadOnlyList<WorkerScore> scores)
    {
        var text = new StringBuilder("""
            | | CPU ms an admit, 1 client | 64 clients | admits/s, 64 clients | first 200 ms | first 201 ms | CPU ms until the first 200 | until the first 201 |
            |---|--:|--:|--:|--:|--:|--:|--:|

            """);
        foreach (var score in scores)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {score.Name} | {score.Cpu(1):0.00} | {score.Cpu(64):0.00} | {score.Of(64).Select(turn => turn.Load.PerSecond).Median():n0} | ")
                .Append(CultureInfo.InvariantCulture, $"{score.Start(start => start.Answer):n0} | {score.Start(start => start.Admit):n0} | {score.Start(start => start.AnswerCpu):n0} | {score.Start(start => start.AdmitCpu):n0} |\n");
        }

        return text.ToString();
    }

    /// <summary>What the work on the cost of an admit had to reach, against the build before it.</summary>
    private static ImmutableArray<Target> Targets(IReadOnlyList<WorkerScore> scores) =>
    [
        Target.AtMost("from the start of the process to the first 200", 2_000, scores[0].Start(start => start.Answer), " ms"),
        .. scores.Skip(1).SelectMany(before => new[]
        {
            Target.AtMost("processor time of the worker, a single client, of before", 0.7, scores[0].CpuAgainst(before, 1), " ×"),
            Target.AtMost("processor time of the worker, 64 clients over 200 workspaces, of before", 0.7, scores[0].CpuAgainst(before, 64), " ×"),
        }),
    ];
}
