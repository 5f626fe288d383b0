using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Billing.Benchmarks.Reports;

namespace Billing.Benchmarks.Rivals;

/// <summary>What the rivals came to.</summary>
internal static class RivalReport
{
    /// <summary>PostgreSQL is through with as many as the others before anything could be seen, and no slower for the rows it has.</summary>
    public const int PostgresTimes = 4;

    private const string Rate = "admits/s";
    private const string Processor = "both CPU ms";

    private static readonly ImmutableArray<Figure> Figures =
    [
        new(Rate, turn => turn.PerSecond, "n0", MoreIsBetter: true),
        new("p50 ms", turn => turn.Latency(50), "0.00"),
        new("p99 ms", turn => turn.Latency(99), "0.0"),
        new("server CPU ms", turn => turn.ServerMilliseconds, "0.00"),
        new("storage CPU ms", turn => turn.StorageMilliseconds, "0.00"),
        new(Processor, turn => turn.AllMilliseconds, "0.00"),
        new("server KiB", turn => turn.AllocatedKiB, "0.0"),
    ];

    /// <summary>One column.</summary>
    private sealed record Figure(string Name, Func<Turn, double> Of, string Format, bool MoreIsBetter = false)
    {
        // As it is written: nobody loses by 1.00 ×.
        public bool Loses(double ratio) => MoreIsBetter ? Math.Round(ratio, 2) < 1 : Math.Round(ratio, 2) > 1;
    }

    public static Section Of(RivalBoard board, ImmutableArray<string> names, ImmutableArray<string> loads, int rounds, string remark)
    {
        ImmutableArray<string> rivals = [.. names.Where(name => name is not (Candidate.Ours or Candidate.Before))];
        var body = string.Create(CultureInfo.InvariantCulture, $"""
            {rounds} rounds, in each every candidate by turns over empty storage, with the same load generator, the same requests and the same number of them ({PostgresTimes} × as many for PostgreSQL); every figure is the middle round's. This Host and the rivals have the same settings of the runtime.
            Processor time and bytes allocated are those of the process named, per admit; the load generator shares the machine, but is in none of them. Storage is Azurite's process, or all of PostgreSQL's. {remark}

            {Measured(board, names, loads)}
            {(rivals.IsEmpty ? "" : Comparison(board, names, rivals, loads))}
            """);
        return new Section("rivals", "Beside what a team would build instead", body, Targets(board));
    }

    private static string Comparison(RivalBoard board, ImmutableArray<string> names, ImmutableArray<string> rivals, ImmutableArray<string> loads) => $"""
        ### Where we lose

        {Losses(board, rivals, loads)}
        Everything, of the middle round; bold is where we lose:

        {Ratios(board, rivals, loads)}
        ### What each of them does

        {Done(board, names)}
        {Words(rivals)}
        """;

    private static string Measured(RivalBoard board, ImmutableArray<string> names, ImmutableArray<string> loads)
    {
        var text = Head("candidate");
        foreach (var load in loads)
        {
            text.Append(CultureInfo.InvariantCulture, $"| **{load}** |{Repeat(" |")}\n");
            foreach (var name in names)
            {
                var score = board.Of(load, name);
                text.Append(CultureInfo.InvariantCulture, $"| {name} |{Cells(figure => Number(score.Median(figure.Of), figure.Format))}\n");
            }
        }

        return text.ToString();
    }

    private static string Ratios(RivalBoard board, ImmutableArray<string> rivals, ImmutableArray<string> loads)
    {
        var text = Head("ours divided by that of");
        foreach (var load in loads)
        {
            text.Append(CultureInfo.InvariantCulture, $"| **{load}** |{Repeat(" |")}\n");
            foreach (var rival in rivals)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {rival} |{Cells(figure => Ratio(board, load, rival, figure) is var ratio && figure.Loses(ratio) ? $"**{Times(ratio)}**" : Times(ratio))}\n");
            }
        }

        return text.ToString();
    }

    // The two that decide what a service can bear and what it costs; the table has them all.
    private static string Losses(RivalBoard board, ImmutableArray<string> rivals, ImmutableArray<string> loads)
    {
        var text = new StringBuilder();
        foreach (var rival in rivals)
        {
            var lost = Figures.Where(figure => figure.Name is Rate or Processor)
                .SelectMany(figure => loads
                    .Select(load => (Load: load, Ratio: Ratio(board, load, rival, figure)))
                    .Where(one => figure.Loses(one.Ratio))
                    .Select(one => $"{figure.Name} with {one.Load} ({Times(one.Ratio)})"))
                .ToList();
            text.Append(CultureInfo.InvariantCulture, $"- To **{rival}**: {(lost.Count == 0 ? "neither in admits/s nor in processor time" : string.Join(", ", lost))}.\n");
        }

        return text.ToString();
    }

    private static string Done(RivalBoard board, ImmutableArray<string> names)
    {
        var text = new StringBuilder("| | answer, bytes | the same Idempotency-Key again |\n|---|--:|---|\n");
        foreach (var name in names)
        {
            var seen = board.Promises[name];
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {seen.AnswerBytes} | {(seen.AnswersRepeats ? "gets the first answer" : "is charged again")} |\n");
        }

        return text.ToString();
    }

    private static string Words(ImmutableArray<string> rivals)
    {
        var text = new StringBuilder("""
            No rival has what the Host does besides: rate limits, plan limits and concurrency slots, grants that expire and the order in which they are used, refunds and expiry, a hash chain, events and webhooks, keys that can be revoked (theirs are in memory), catalogs (their price is a line of code), traces and metrics. Their figures would grow with each.


            """);
        if (rivals.Contains(Candidate.PostgresWithoutSync))
        {
            text.Append("""
                - **PostgreSQL**: one call of `tests/Billing.Benchmarks/Rivals/Serving/postgres.sql`, which inserts operation, generation and ledger entry and updates the balance under its row lock. Stored on the disk of one machine, without a replica; somebody has to run it.
                - **PostgreSQL without fsync**: the same, and what it called stored is lost when the machine stops. Azurite in memory promises no more than that, Azure much more; so of the two this one is like for like here.

                """);
        }

        return text.Append("""
            - **plain**: reads the account, checks it, writes it with If-Match together with one ledger row, again on 412. No operation and no generation is stored: there is nothing to settle, and who sends a request twice pays twice.

            """).ToString();
    }

    /// <summary>What the work on the cost of an admit had to reach, against the build before it.</summary>
    private static ImmutableArray<Target> Targets(RivalBoard board)
    {
        if (board.Find(Load.Single, Candidate.Before) is null)
        {
            return [];
        }

        double Of(string load, Func<Turn, double> figure) => board.Of(load, Candidate.Ours).Against(board.Of(load, Candidate.Before), figure);
        return
        [
            Target.AtMost($"processor time of the Host, {Load.Single}, of before", 0.6, Of(Load.Single, turn => turn.ServerMilliseconds), " ×"),
            Target.AtMost($"processor time of the Host, {Load.Few}, of before", 0.6, Of(Load.Few, turn => turn.ServerMilliseconds), " ×"),
            Target.AtMost($"bytes allocated, {Load.Single}, of before", 0.5, Of(Load.Single, turn => turn.AllocatedKiB), " ×"),
            Target.AtMost($"bytes allocated, {Load.Few}, of before", 0.5, Of(Load.Few, turn => turn.AllocatedKiB), " ×"),
            Target.AtLeast($"admits/s, {Load.Hot}, of before", 1.5, Of(Load.Hot, turn => turn.PerSecond), " ×"),
            Target.AtLeast($"admits/s, {Load.Crowd}, of before", 1.2, Of(Load.Crowd, turn => turn.PerSecond), " ×"),
        ];
    }

    private static double Ratio(RivalBoard board, string load, string rival, Figure figure) =>
        board.Of(load, Candidate.Ours).Against(board.Of(load, rival), figure.Of);

    private static StringBuilder Head(string first) => new($"| {first} |{Cells(figure => figure.Name)}\n|---|{Repeat("--:|")}\n");

    private static string Cells(Func<Figure, string> cell) => string.Concat(Figures.Select(figure => $" {cell(figure)} |"));

    private static string Repeat(string cell) => string.Concat(Enumerable.Repeat(cell, Figures.Length));

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Times(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture) + " ×";
}
