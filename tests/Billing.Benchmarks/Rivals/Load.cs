using Billing.Benchmarks.Measuring;

namespace Billing.Benchmarks.Rivals;

/// <summary>How a candidate is used.</summary>
/// <param name="Name">In the report.</param>
/// <param name="Clients">How many at once.</param>
/// <param name="FirstWorkspace">Of the candidate's workspaces the first that it admits for.</param>
/// <param name="Workspaces">How many of them.</param>
/// <param name="Admits">How many admits, if nothing is known about the candidate.</param>
internal sealed record Load(string Name, int Clients, int FirstWorkspace, int Workspaces, int Admits)
{
    public const string Single = "a single client";
    public const string Few = "8 clients over 200 workspaces";
    public const string Hot = "64 clients on one hot workspace";
    public const string Crowd = "64 clients over 1,000 workspaces";

    /// <summary>As they are reported. They are played from the last to the first: a client alone shows most what is not compiled yet.</summary>
    public static IReadOnlyList<Load> All(BenchmarkOptions options)
    {
        var (few, crowd) = (options.Sized(200), options.Sized(1_000));
        var admits = options.Sized(options.Admits);
        return
        [
            new(Single, 1, 0, 1, Math.Max(1, admits / 3)),
            new(Few, 8, 2, few, admits),
            new(Hot, 64, 1, 1, admits),
            new(Crowd, 64, 2, crowd, admits),
        ];
    }

    /// <summary>How many workspaces a candidate must have open.</summary>
    public int WorkspacesNeeded => FirstWorkspace + Workspaces;

    /// <summary>Before what is measured, the same for as long as the runtime takes to compile what is called often.</summary>
    public ClosedLoop WarmUp(TimeSpan limit) => new(Clients, Math.Max(Clients, Admits / 5), limit);

    /// <summary>What is measured.</summary>
    /// <param name="times">A candidate that is through sooner does so many times as much.</param>
    /// <param name="limit">No request begins after this.</param>
    public ClosedLoop Loop(int times, TimeSpan limit) => new(Clients, Admits * times, limit);
}
