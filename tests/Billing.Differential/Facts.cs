using System.Collections.Immutable;

namespace Billing.Differential;

/// <summary>A plan of the contract's table.</summary>
/// <param name="OverageCents">Price of a unit; null without overage.</param>
/// <param name="Limit">Requests or generations in a window.</param>
/// <param name="Slots">Generations at once; null without a limit.</param>
internal sealed record PlanFacts(string Id, decimal Allowance, bool Free, int? OverageCents, int Limit, int? Slots);

/// <summary>A product as the contract's tables have it.</summary>
/// <param name="SignUp">Bonus credits that an account starts with.</param>
/// <param name="Default">The plan that an account starts on, and falls back to.</param>
/// <param name="UpgradesNow">A larger plan's difference comes at once.</param>
/// <param name="CountsRequests">The limit is of requests, not of generations.</param>
/// <param name="TestLimit">The limit of test keys and of test mode; null for the plan's.</param>
/// <param name="NoPlanLimit">The limit of who has no plan.</param>
/// <param name="ExhaustedIsMonthly">Want of credits is 429 MONTHLY_LIMIT while a renewal is to come.</param>
/// <param name="TopUps">Sizes that are sold.</param>
/// <param name="Price">What a usage costs; the second argument is what a catalog change multiplies it by.</param>
/// <param name="Body">A usage as JSON members, from two numbers.</param>
internal sealed record ProductFacts(
    string Id,
    decimal SignUp,
    string? Default,
    bool UpgradesNow,
    bool CountsRequests,
    TimeSpan Window,
    bool Slides,
    int? TestLimit,
    int NoPlanLimit,
    bool ExhaustedIsMonthly,
    (int Least, int Most)? TopUps,
    ImmutableArray<PlanFacts> Plans,
    Func<Usage, int, decimal> Price,
    Func<Usage, string> Body)
{
    public static readonly ImmutableArray<ProductFacts> All =
    [
        new(
            "bluma", 0, "free", false, true, TimeSpan.FromHours(1), false, 5_000, 100, false, (10, 1_000),
            [new("free", 10, true, null, 100, null), new("starter", 100, false, 50, 1_000, null), new("pro", 500, false, 50, 5_000, null)],
            (usage, factor) => 2m * factor * ((SecondsOf(usage) + 29) / 30) * (usage.Second % 3) switch { 0 => 1m, 1 => 1.5m, _ => 3m },
            usage => $$"""
                "template_id": "consumerclub-discord-zoomed", "complexity": "basic", "duration": {{SecondsOf(usage)}}, "resolution": "{{(usage.Second % 3) switch { 0 => "720p", 1 => "1080p", _ => "4K" }}}"
                """),
        new(
            "bloom", 10, null, true, true, TimeSpan.FromMinutes(1), true, null, 120, false, (20, 200),
            [new("plus", 50, false, null, 120, null), new("pro", 100, false, null, 120, null), new("max", 200, false, null, 120, null)],
            (usage, factor) => factor * usage.First * (usage.Second % 2 + 1),
            usage => $$"""
                "size": "{{(usage.Second % 2 == 0 ? "2K" : "4K")}}", "variant_count": {{usage.First}}
                """),
        new(
            "gleam", 0, "free", false, false, TimeSpan.FromHours(1), false, null, 5, true, null,
            [new("free", 100, true, null, 5, 1), new("pro", 1_000, false, null, 100, 5)],
            (_, factor) => factor,
            usage => $$"""
                "width": {{usage.First * 10}}
                """),
    ];

    /// <summary>Half of them so long that an allowance is soon used up.</summary>
    private static int SecondsOf(Usage usage) => usage.First * (usage.First > 4 ? 100 : 20);

    public PlanFacts Plan(string id) => Plans.Single(plan => plan.Id == id);
}

/// <summary>What is asked for: two numbers that a product's fields are made from.</summary>
/// <param name="First">From 1.</param>
/// <param name="Second">From 0.</param>
internal sealed record Usage(int First, int Second);
