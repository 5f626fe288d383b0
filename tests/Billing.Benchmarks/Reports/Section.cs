using System.Collections.Immutable;
using System.Globalization;
using Billing.Benchmarks.Measuring;

namespace Billing.Benchmarks.Reports;

/// <summary>One part of the report.</summary>
/// <param name="Name">What marks it in the document.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Body">Markdown below the heading.</param>
/// <param name="Targets">What it had to show.</param>
internal sealed record Section(string Name, string Title, string Body, ImmutableArray<Target> Targets)
{
    /// <summary>Pictures, by file name.</summary>
    public ImmutableArray<(string File, string Svg)> Pictures { get; init; } = [];

    /// <summary>How it was measured.</summary>
    public string Circumstances { get; init; } = "";

    public int Misses => Targets.Count(target => !target.Met);

    public string Text => $"""
        ## {Title}

        {Circumstances}

        {(Targets.IsEmpty ? "" : Target.Table(Targets))}
        {Body}
        """;

    public Section Measured(Machine before, BenchmarkOptions options)
    {
        var after = Machine.Look();
        var load = string.Create(CultureInfo.InvariantCulture, $"{before}, {after.Load:0.0} at the end");
        return this with
        {
            Circumstances = $"{before.At:yyyy-MM-dd HH:mm} UTC; {load}{(options.Quick ? "; quick run: small sizes" : "")}. Azurite in memory on the same machine; figures are compared within this run only.",
        };
    }
}

/// <summary>A figure that has to be reached.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Wanted">What it should be.</param>
/// <param name="Measured">What it was.</param>
/// <param name="Met">Whether that will do.</param>
internal sealed record Target(string What, string Wanted, string Measured, bool Met)
{
    public static Target AtLeast(string what, double wanted, double measured, string unit) =>
        new(what, $"≥ {Number(wanted)}{unit}", $"{Number(measured)}{unit}", measured >= wanted);

    public static Target AtMost(string what, double wanted, double measured, string unit) =>
        new(what, $"≤ {Number(wanted)}{unit}", $"{Number(measured)}{unit}", measured <= wanted);

    public static string Table(IEnumerable<Target> targets) => string.Concat(
        targets.Select(target => $"| {target.What} | {target.Wanted} | {target.Measured} | {(target.Met ? "yes" : "**no**")} |\n")
            .Prepend("| target | wanted | measured | met |\n|---|---|---|---|\n"));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
