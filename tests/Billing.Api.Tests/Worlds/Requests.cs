namespace Billing.Api.Tests.Worlds;

/// <summary>Generation requests and what they cost.</summary>
public static class Requests
{
    /// <summary>bluma, 4 credits.</summary>
    public const string Four = """{"template_id": "consumerclub-discord-zoomed"}""";

    /// <summary>bluma, 6 credits: the documents' first example.</summary>
    public const string Six = """{"template_id": "consumerclub-discord-zoomed", "resolution": "1080p", "duration": 30, "complexity": "ai"}""";

    /// <summary>bluma, 12 credits.</summary>
    public const string Twelve = """{"template_id": "consumerclub-discord-zoomed", "resolution": "4K"}""";

    /// <summary>bluma, 27 credits: the second example.</summary>
    public const string TwentySeven = """{"template_id": "product-showcase", "resolution": "4K", "duration": 60, "complexity": "advanced"}""";

    /// <summary>bluma, 45 credits: the third example.</summary>
    public const string FortyFive = """{"template_id": "news-anchor", "resolution": "1080p", "duration": 90, "complexity": "ai"}""";

    /// <summary>bluma, 90 credits.</summary>
    public const string Ninety = """{"template_id": "news-anchor", "resolution": "4K", "duration": 90}""";

    /// <summary>bloom, 1 credit.</summary>
    public const string Small = """{"size": "2K"}""";

    /// <summary>gleam, 1 image.</summary>
    public const string Image = "{}";

    /// <summary>bloom: 1 credit a variant at 2K, 2 at 4K.</summary>
    public static string Bloom(string size, int variants) => Json.Of(new { size, variant_count = variants });
}
