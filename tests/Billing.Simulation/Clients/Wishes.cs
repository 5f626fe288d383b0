using System.Collections.Immutable;
using System.Text.Json;
using Billing.Catalogs;
using Billing.Generations;
using Billing.Reading;
using Billing.Simulation.Runs;
using Billing.Simulation.Time;

namespace Billing.Simulation.Clients;

/// <summary>Generations that clients of each product want.</summary>
internal static class Wishes
{
    private static readonly string[] Templates = ["consumerclub-discord-zoomed", "product-showcase", "news-anchor"];

    public static AdmitItem One(string product, Dice dice)
    {
        var catalog = Stock.Catalogs[product];
        var usage = ((Outcome<Usage>.Accepted)catalog.ParseUsage(ObjectReader.Root(Fields(product, dice)))).Value;
        return new AdmitItem(usage, catalog.Price(usage));
    }

    public static ImmutableArray<AdmitItem> Some(string product, int count, Dice dice) => [.. Enumerable.Range(0, count).Select(_ => One(product, dice))];

    public static JsonElement Fields(string product, Dice dice) => product switch
    {
        "bloom" => JsonSerializer.SerializeToElement(new { size = dice.Chance(500) ? "2K" : "4K", variant_count = dice.Between(1, 5) }),
        "bluma" => JsonSerializer.SerializeToElement(new { template_id = dice.Pick(Templates), resolution = dice.Chance(500) ? "720p" : "1080p", duration = dice.Between(1, 90) }),
        "gleam" => JsonSerializer.SerializeToElement(new { template = "basic" }),
        _ => JsonSerializer.SerializeToElement(new { pieces = dice.Between(1, 20) }),
    };
}
