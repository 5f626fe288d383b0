using System.Collections.Immutable;

namespace Billing.Catalogs;

/// <summary>A limit that a plan can set on generations. <see cref="All"/> is the one place that knows which there are: catalogs, <c>GET /plans</c>, the pages and admissions follow it.</summary>
/// <param name="Name">In catalogs and in <c>GET /plans</c>, where null is no limit.</param>
/// <param name="Title">On the pages, before the figure.</param>
/// <param name="Noun">What the figure counts, one of them.</param>
/// <param name="Highest">Most that a catalog may allow; the least is 1.</param>
/// <param name="Measure">What is held against the limit, with the generation that asks.</param>
/// <param name="Detail">Why it is refused, given what the plan allows.</param>
public sealed record PlanLimit(
    string Name, string Title, string Noun, long Highest, string RefusalCode, Func<GenerationCircumstances, long> Measure, Func<GenerationCircumstances, long, string> Detail)
{
    /// <summary>In the order in which they are checked.</summary>
    public static readonly ImmutableArray<PlanLimit> All =
    [
        new(
            "concurrency",
            "At once",
            "generation",
            10_000,
            RefusalCodes.ConcurrencyLimit,
            generation => generation.Running + 1,
            (generation, most) => $"{Counted.Of(generation.Running, "generation")} {Counted.Are(generation.Running)} running; the plan allows {most} at once."),
    ];
}

/// <summary>What limits look at when a generation asks to be admitted.</summary>
/// <param name="Running">Generations of the workspace that run already.</param>
/// <param name="Promised">True when the fields' own limits were looked at when it was quoted.</param>
public sealed record GenerationCircumstances(int Running, Usage Usage, bool Promised = false);
