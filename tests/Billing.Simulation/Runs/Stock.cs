using Billing.Catalogs;

namespace Billing.Simulation.Runs;

/// <summary>What the simulation sells: the shipped catalogs, and one in which everything that can be on a plan is on one.</summary>
internal static class Stock
{
    /// <summary>The product whose prices do not divide evenly, with overage, upgrades at once, concurrency, a sliding limit and sign-up credits.</summary>
    public const string Loom = "loom";

    /// <summary>The first of the plans that two releases sell together are sold by one of them alone.</summary>
    public const int OfOneRelease = 2;

    private const string LoomCatalog = """
        {
          "product": "loom", "name": "Loom", "noun": "Cloth", "action_url": "https://example.com/loom", "exhausted_code": "INSUFFICIENT_CREDITS",
          "low_credits_percent": 20, "generation_ttl_seconds": 1800, "sign_up_credits": 5, "top_ups": { "min": 5, "max": 50 },
          "upgrade": "now", "grace_days": 2, "default_plan": "free", "test_entitlements": { "watermark": true },
          "plans": [
            { "id": "free", "name": "Free", "allowance": 6, "free": true, "price": { "amount_minor": 0, "currency": "USD" },
              "rate_limit": { "kind": "sliding", "limit": 60, "window_seconds": 60 }, "concurrency": 12, "entitlements": { "watermark": true } },
            { "id": "basic", "name": "Basic", "allowance": 15, "price": { "amount_minor": 500, "currency": "USD" },
              "overage": { "amount_minor": 7, "currency": "USD" },
              "rate_limit": { "kind": "sliding", "limit": 60, "window_seconds": 60 }, "concurrency": 20, "entitlements": { "watermark": false } },
            { "id": "big", "name": "Big", "allowance": { "min": 30, "max": 60 }, "overage": { "amount_minor": 5, "currency": "USD" },
              "rate_limit": { "kind": "fixed_hour", "limit": 200 }, "concurrency": 30, "entitlements": { "watermark": false } }
          ],
          "pricing": {
            "fields": [ { "name": "pieces", "type": "integer", "min": 1, "max": 20, "default": 1 } ],
            "factors": [ { "name": "piece", "kind": "constant", "value": 0.333333 }, { "name": "pieces", "kind": "integer", "field": "pieces" } ],
            "units": "pieces", "quantity": "pieces"
          }
        }
        """;

    private static readonly Lazy<CatalogSet> All = new(() => Load(LoomCatalog));
    private static readonly Lazy<Releases> Two = new(Releases.Make);

    public static CatalogSet Catalogs => All.Value;

    /// <summary>Two releases that run side by side.</summary>
    public static Releases Rolling => Two.Value;

    private static CatalogSet Load(string loom) => CatalogSet.Load(Shipped().Append(("loom.json", loom)));

    /// <summary>Two releases of the shop: each sells a plan that the other lacks, and gives generations another time.</summary>
    /// <param name="Union">All that either sells, for those who ask and those who check.</param>
    internal sealed record Releases(CatalogSet Older, CatalogSet Younger, CatalogSet Union)
    {
        private const string Classic = """{ "id": "classic", "name": "Classic", "allowance": 12, "price": { "amount_minor": 300, "currency": "USD" }, "overage": { "amount_minor": 9, "currency": "USD" }, "rate_limit": { "kind": "sliding", "limit": 60, "window_seconds": 60 }, "concurrency": 20, "entitlements": { "classic": true } }""";
        private const string Modern = """{ "id": "modern", "name": "Modern", "allowance": 20, "price": { "amount_minor": 700, "currency": "USD" }, "overage": { "amount_minor": 6, "currency": "USD" }, "rate_limit": { "kind": "sliding", "limit": 60, "window_seconds": 60 }, "concurrency": 20, "entitlements": { "modern": true } }""";

        public static Releases Make() => new(Load(With(Classic)), Load(With(Modern).Replace("1800", "2700", StringComparison.Ordinal)), Load(With($"{Classic}, {Modern}")));

        private static string With(string plans) => LoomCatalog.Replace("\"plans\": [", $"\"plans\": [ {plans},", StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, string Json)> Shipped()
    {
        var assembly = typeof(CatalogSet).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".json", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (name, reader.ReadToEnd());
        }
    }
}
