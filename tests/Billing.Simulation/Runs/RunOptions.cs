using System.Collections.Immutable;

namespace Billing.Simulation.Runs;

/// <summary>What makes a run: with the same options it is the same run, turn by turn.</summary>
/// <param name="Seed">Where all chance comes from.</param>
/// <param name="Operations">How many things clients ask for.</param>
internal sealed record RunOptions(ulong Seed, int Operations)
{
    /// <summary>After so many faults storage works.</summary>
    public int MostFaults { get; init; } = int.MaxValue;

    /// <summary>The operations to carry out; null for all.</summary>
    public ImmutableSortedSet<int>? Only { get; init; }

    /// <summary>True to keep a trace for people.</summary>
    public bool Traced { get; init; }

    /// <summary>The options that repeat the run from the command line.</summary>
    public override string ToString() => $"--seed {Seed} --operations {Operations}"
        + (MostFaults == int.MaxValue ? "" : $" --faults {MostFaults}")
        + (Only is null ? "" : $" --only {string.Join(',', Only)}");
}

/// <summary>Something that must never be, and was.</summary>
/// <param name="Invariant">Which invariant is broken.</param>
/// <param name="Detail">How it shows.</param>
internal sealed record Violation(string Invariant, string Detail);

/// <summary>What came of a run.</summary>
internal sealed record RunResult(RunOptions Options, Violation? Violation, RunFigures Figures, ulong Digest, IReadOnlyList<string> Trace);

/// <summary>How much happened in a run.</summary>
internal readonly record struct RunFigures(long Turns, long Commits, long Faults, long Crashes, long Answers, long Outages)
{
    public static RunFigures operator +(RunFigures left, RunFigures right) => new(
        left.Turns + right.Turns, left.Commits + right.Commits, left.Faults + right.Faults, left.Crashes + right.Crashes, left.Answers + right.Answers, left.Outages + right.Outages);
}
