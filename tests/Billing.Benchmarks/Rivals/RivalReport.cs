using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Billing.Benchmarks.Reports;

namespace Billing.Benchmarks.Rivals;

/// <summary>What the rivals came to.</summary>
internal static class RivalReport
{
    public static Section Of(RivalBoard board, IReadOnlyList<Candidate> candidates, IReadOnlyList<Load> loads, int rounds)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"""
            {rounds} rounds, each candidate over empty storage in each, by turns; every figure is the middle round's.
            Processor time and bytes are those of the process named, per admit; the load generator's are nowhere in them.

            {Table(board)}
            """);
        return new Section("rivals", "Beside what a team would build instead", body, Targets(board));
    }

    private static string Table(RivalBoard board)
    {
        var text = new StringBuilder("""
            | | admits/s | p50 ms | p99 ms | server CPU ms | storage CPU ms | server KiB |
            |---|--:|--:|--:|--:|--:|--:|

            """);
        foreach (var load in board.Scores.GroupBy(score => score.Load))
        {
            text.Append(CultureInfo.InvariantCulture, $"| **{load.Key}** | | | | | | |\n");
            foreach (var score in load)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {score.Name} | {score.Median(turn => turn.PerSecond):n0} | {score.Milliseconds(50):0.00} | {score.Milliseconds(99):0.0} | ")
                    .Append(CultureInfo.InvariantCulture, $"{score.Median(turn => turn.ServerMilliseconds):0.00} | {score.Median(turn => turn.StorageMilliseconds):0.00} | {score.Median(turn => turn.AllocatedKiB):0.0} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>What the work on the cost of an admit had to reach, against the build before it.</summary>
    private static ImmutableArray<Target> Targets(RivalBoard board)
    {
        double? Ratio(string load, Func<Turn, double> figure) =>
            board.Find(load, Candidate.Before) is { } before ? board.Find(load, Candidate.Ours)!.Against(before, figure) : null;
        if (Ratio(Load.Single, turn => turn.ServerMilliseconds) is not { } single)
        {
            return [];
        }

        return
        [
            Target.AtMost($"processor time of the Host, {Load.Single}, of before", 0.6, single, " ×"),
            Target.AtMost($"processor time of the Host, {Load.Few}, of before", 0.6, Ratio(Load.Few, turn => turn.ServerMilliseconds)!.Value, " ×"),
            Target.AtMost($"bytes allocated, {Load.Single}, of before", 0.5, Ratio(Load.Single, turn => turn.AllocatedKiB)!.Value, " ×"),
            Target.AtMost($"bytes allocated, {Load.Few}, of before", 0.5, Ratio(Load.Few, turn => turn.AllocatedKiB)!.Value, " ×"),
            Target.AtLeast($"admits/s, {Load.Hot}, of before", 1.5, Ratio(Load.Hot, turn => turn.PerSecond)!.Value, " ×"),
            Target.AtLeast($"admits/s, {Load.Crowd}, of before", 1.2, Ratio(Load.Crowd, turn => turn.PerSecond)!.Value, " ×"),
        ];
    }
}
