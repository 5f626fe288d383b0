using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Billing.Benchmarks.Sweeps;

namespace Billing.Benchmarks.Reports;

/// <summary>What the sweeps came to, as tables and a picture.</summary>
internal static class SweepReport
{
    public static Section Of(IReadOnlyList<RenewalScore> renewals, MonthEndScore monthEnd)
    {
        var largest = renewals[^1];
        ImmutableArray<Target> targets =
        [
            Target.AtMost(
                FormattableString.Invariant($"storage round trips per renewed workspace, {largest.Percent.Found:n0} of {largest.Total:n0} due"), 4, PerWorkspace(largest.Percent), ""),
            Target.AtMost("due links read besides those that are due", 0, renewals.Max(score => score.Percent.Found - score.Total / 100), ""),
        ];
        var body = $"""
            Everything is counted: finding, sending, receiving, reading, writing, tidying the due index, deleting the message. The process has just started and knows nothing.

            {Renewals(renewals)}
            {Hour(largest)}
            {MonthEnd(monthEnd)}
            """;
        return new Section("sweeps", "Renewals and month-end", body, targets) { Pictures = [("sweeps.svg", Chart(renewals).ToSvg())] };
    }

    private static double PerWorkspace(Sweep sweep) => (double)sweep.Requests / Math.Max(1, sweep.Found);

    private static string Renewals(IReadOnlyList<RenewalScore> renewals)
    {
        var text = new StringBuilder("""
            | workspaces | due | links read | finding, sending | consuming: reads | transactions | queue | round trips each | renewed/s | seeded/s |
            |--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|

            """);
        foreach (var score in renewals)
        {
            Line(text, score, score.Nothing, 0);
            Line(text, score, score.Hundred, score.Hundred.Found);
            Line(text, score, score.Percent, score.Percent.Found);
        }

        return text.ToString();
    }

    private static string Hour(RenewalScore score) => string.Create(CultureInfo.InvariantCulture, $"""
        The same for {RenewalSweep.Hundred} workspaces that are due within one hour, with the timer running every five minutes through it and once after it:
        {score.Hour.Found:n0} links read, {score.Hour.Requests:n0} requests, {(double)score.Hour.Requests / RenewalSweep.Hundred:0.00} round trips each.

        """);

    private static void Line(StringBuilder text, RenewalScore score, Sweep sweep, int due) => text
        .Append(CultureInfo.InvariantCulture, $"| {score.Total:n0} | {due:n0} | {sweep.Found:n0} | {sweep.Finding.Total:n0} | {sweep.Consuming.Reads:n0} | ")
        .Append(CultureInfo.InvariantCulture, $"{sweep.Consuming.Commits:n0} | {sweep.Consuming.QueueOperations:n0} | ")
        .Append(due == 0 ? "| | |" : FormattableString.Invariant($"{PerWorkspace(sweep):0.00} | {due / sweep.Elapsed.TotalSeconds:n0} | {score.SeededPerSecond:n0} |"))
        .Append('\n');

    private static string MonthEnd(MonthEndScore score)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            Month-end: {score.Workspaces:n0} workspaces, each with three units of overage. {score.Checked} invoices were looked at: one each, of the right amount.

            | month-end | links read | requests | round trips each | workspaces/s |
            |---|--:|--:|--:|--:|

            """));
        foreach (var (name, sweep) in new[] { ("00:10, the run that charges", score.Close), ("01:10, the run after it", score.Again) })
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {sweep.Found:n0} | {sweep.Requests:n0} | {PerWorkspace(sweep):0.00} | {sweep.Found / sweep.Elapsed.TotalSeconds:n0} |\n");
        }

        return text.ToString();
    }

    private static LineChart Chart(IReadOnlyList<RenewalScore> renewals) => new(
        "A renewal run costs what is due, not what there is",
        "workspaces in storage",
        "storage round trips of the whole run",
        [
            new Series("1 % due", "#1f6feb", [.. renewals.Select(score => ((double)score.Total, (double)score.Percent.Requests))]),
            new Series("the same number due", "#1a7f37", [.. renewals.Select(score => ((double)score.Total, (double)score.Hundred.Requests))]),
            new Series("nothing due", "#8c959f", [.. renewals.Select(score => ((double)score.Total, (double)score.Nothing.Requests))]),
        ]);
}
