using System.Collections.Immutable;
using System.Text.Json;
using Billing.Generations;
using Billing.Simulation.Runs;
using Billing.Simulation.Time;

namespace Billing.Simulation.Clients;

/// <summary>Generations that clients of each product want.</summary>
internal static class Wishes
{
    private static readonly string[] Templates = ["consumerclub-discord-zoomed", "product-showcase", "news-anchor"];

    public static Wanted One(string product, Dice dice)
    {
        var catalog = Stock.Catalogs[product];
        var usage = catalog.ParseUsage(Fields(product, dice)).Usage!;
        return new Wanted(usage, catalog.Price(usage));
    }

    public static ImmutableArray<Wanted> Some(string product, int count, Dice dice) => [.. Enumerable.Range(0, count).Select(_ => One(product, dice))];

    private static Dictionary<string, JsonElement> Fields(string product, Dice dice) => product switch
    {
        "bloom" => new() { ["size"] = Value(dice.Chance(500) ? "2K" : "4K"), ["variant_count"] = Value(dice.Between(1, 5)) },
        "bluma" => new() { ["template_id"] = Value(dice.Pick(Templates)), ["resolution"] = Value(dice.Chance(500) ? "720p" : "1080p"), ["duration"] = Value(dice.Between(1, 90)) },
        "gleam" => new() { ["template"] = Value("basic") },
        _ => new() { ["pieces"] = Value(dice.Between(1, 20)) },
    };

    private static JsonElement Value<T>(T value) => JsonSerializer.SerializeToElement(value);
}
