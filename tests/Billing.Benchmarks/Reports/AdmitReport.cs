using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Billing.Benchmarks.Admits;
using Billing.Benchmarks.Measuring;

namespace Billing.Benchmarks.Reports;

/// <summary>What the admit measures came to, as a table and a picture.</summary>
internal static class AdmitReport
{
    public static Section Of(Scoreboard board, CommitShape alone, CommitShape full, int rounds)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"""
            {rounds} rounds on fresh tables, candidates by turns; rates are the middle round's, latencies are over all rounds.
            An admission alone is a transaction of {alone.Entities} entities ({alone.Bytes:n0} characters of JSON);
            the fullest that our writer sends carries {full.Admits} admissions in {full.Entities} entities ({full.Bytes:n0} characters).
            *plain* is read, check, write with If-Match, and again on 412. Bytes and processor time include the load generator's.

            {Table(board)}
            """);
        return new Section("admit", "Admit", body, Targets(board)) { Pictures = [("benchmarks.svg", Chart(board).ToSvg())] };
    }

    private static string Table(Scoreboard board)
    {
        var text = new StringBuilder("""
            | | clients | admits/s | p50 ms | p99 ms | round trips/admit | admits/commit | KiB/admit | CPU ms/admit |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|

            """);
        foreach (var group in board.Scores.GroupBy(score => score.Group))
        {
            text.Append(CultureInfo.InvariantCulture, $"| **{group.Key}** | | | | | | | | |\n");
            foreach (var score in group)
            {
                var all = score.All;
                text.Append(CultureInfo.InvariantCulture, $"| {score.Name} | {score.Clients} | {score.PerSecond:n0} | {score.Milliseconds(50):0.00} | {score.Milliseconds(99):0.0} | ")
                    .Append(CultureInfo.InvariantCulture, $"{Figure(all.RoundTrips, "0.00")} | {Figure(all.PerCommit, "0.0")} | ")
                    .Append(CultureInfo.InvariantCulture, $"{Figure(all.Allocated / 1024.0 / all.Operations, "0")} | {Figure(all.Cpu?.TotalMilliseconds / all.Operations, "0.00")} |\n");
            }
        }

        return text.ToString();
    }

    private static string Figure(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static ImmutableArray<Target> Targets(Scoreboard board)
    {
        var hot = board.Of(Groups.Hot, Groups.Writer, 64);
        var keyless = board.Of(Groups.Hot, Groups.Keyless, 64);
        var plain = board.Of(Groups.Hot, Groups.Plain, 32);
        var two = board.Of(Groups.Crowd, Groups.RawTwo, 64);
        var (one, raw) = (board.Of(Groups.Alone, Groups.Writer, 1), board.Of(Groups.Alone, Groups.Raw, 1));
        var targets = ImmutableArray.Create(
            Target.AtLeast("hot workspace, 64 clients in process, of raw full transactions", 60, 100 * hot.Against(board.Of(Groups.Hot, Groups.Raw, 1)), " %"),
            Target.AtLeast("hot workspace, 64 clients in process, of plain with 32", 40, hot.Against(plain), " ×"),
            Target.AtLeast("the same without an Idempotency-Key, which plain does not have either", 40, keyless.Against(plain), " ×"),
            Target.AtMost("warm admit alone, round trips", 1, one.All.RoundTrips!.Value, ""),
            Target.AtMost("warm admit alone, p50 of one raw transaction's", 1.3, one.Milliseconds(50) / raw.Milliseconds(50), " ×"),
            Target.AtLeast("1,000 workspaces, 64 clients in process, of raw two-entity transactions", 80, 100 * board.Of(Groups.Crowd, Groups.Writer, 64).Against(two), " %"),
            Target.AtLeast("the same without an Idempotency-Key", 80, 100 * board.Of(Groups.Crowd, Groups.Keyless, 64).Against(two), " %"));
        return board.Has(Groups.Hot, Groups.Http, 64)
            ? targets.Insert(3, Target.AtLeast("hot workspace, 64 clients over HTTP, of plain with 32", 5, board.Of(Groups.Hot, Groups.Http, 64).Against(plain), " ×"))
            : targets;
    }

    private static BarChart Chart(Scoreboard board) => new(
        "Admits per second",
        [.. board.Scores.GroupBy(score => score.Group).Select(group => (
            group.Key,
            group.Select(score => new Bar($"{score.Name}, {score.Clients}", score.PerSecond, ColorOf(score.Name))).ToImmutableArray()))]);

    private static string ColorOf(string name) => name switch
    {
        Groups.Writer or Groups.Keyless => "#1f6feb",
        Groups.Http => "#54aeff",
        Groups.Plain => "#cf222e",
        _ => "#8c959f",
    };
}
