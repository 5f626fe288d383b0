using System.Diagnostics;
using System.Globalization;

namespace Billing.Simulation.Runs;

/// <summary>What people read.</summary>
internal static class Report
{
    private const int MostShrunk = 3;

    public static int One(RunResult result, bool shrink)
    {
        if (result.Violation is not null && shrink)
        {
            result = SeededRun.Run(Shrinking.Of(result).Options with { Traced = true });
        }

        foreach (var line in result.Trace)
        {
            Console.WriteLine(line);
        }

        Console.WriteLine(result.Violation is { } violation
            ? $"FAILED: {violation.Invariant}\n  {violation.Detail}\n  repeat with: {result.Options} --trace"
            : $"seed {result.Options.Seed}: nothing wrong. {Text(result.Figures)}");
        return result.Violation is null ? 0 : 1;
    }

    public static int Many(Campaign campaign, TimeSpan took)
    {
        var busy = Process.GetCurrentProcess().TotalProcessorTime;
        var rate = campaign.Seeds * (double)campaign.Operations / took.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{campaign.Seeds} seeds × {campaign.Operations} operations in {took.TotalSeconds:0.0} s, {busy.TotalSeconds:0.0} s of processor time ({rate:0} operations/s): {campaign.Failures.Length} failed. {Text(campaign.Figures)}"));
        foreach (var group in campaign.Failures.GroupBy(failure => failure.Violation!.Invariant).OrderByDescending(group => group.Count()))
        {
            Console.WriteLine($"  {group.Count()} × {group.Key}: seeds {string.Join(' ', group.Take(12).Select(one => one.Options.Seed))}");
        }

        foreach (var failure in campaign.Failures.DistinctBy(failure => failure.Violation!.Invariant).Take(MostShrunk))
        {
            var least = Shrinking.Of(failure);
            Console.WriteLine($"\n{least.Violation!.Invariant}\n  {least.Violation.Detail}\n  repeat with: {least.Options} --trace");
        }

        return campaign.Failures.IsEmpty ? 0 : 1;
    }

    private static string Text(RunFigures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"{figures.Answers} answers, {figures.Commits} transactions stored, {figures.Faults} faults, {figures.Crashes} crashes, {figures.Outages} outages of a shard, {figures.Turns} turns");
}
