using Billing.Api.Tests.Worlds;

namespace Billing.Api.Tests.Generations;

/// <summary><c>POST /generations/quote</c>.</summary>
public sealed class QuoteTests
{
    [Fact]
    public async Task A_quote_tells_the_price_and_charges_nothing()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        (await customer.Own.PostAsync("generations/quote", Requests.Bloom("4K", 3))).Is(200).Shows("""
            {
              "cost": 6, "breakdown": [{ "factor": "size", "value": 2 }, { "factor": "variant_count", "value": 3 }], "units": 3,
              "quote": "qt_*", "expires_at": "2025-11-01T00:15:00Z", "affordable": true
            }
            """);
        Assert.Equal("false", (await customer.Own.PostAsync("generations/quote", Requests.Bloom("4K", 6))).Is(200).Text("affordable"));
        Assert.Equal(10, await customer.LeftAsync());
    }

    [Fact]
    public async Task Admitting_with_a_quote_charges_what_was_quoted()
    {
        var customer = await (await World.Shared).CustomerAsync("bluma", "starter");
        var quote = (await customer.Session.PostAsync("generations/quote", Requests.Six)).Is(200).Text("quote");
        Assert.Equal(94, (await customer.AdmitAsync(Json.Of(new { quote }))).Number("credits"));
        Assert.Equal(88, (await customer.AdmitAsync(Json.Of(new { quote, template_id = "consumerclub-discord-zoomed", resolution = "1080p", duration = 30, complexity = "ai" }))).Number("credits"));
        (await customer.TryAdmitAsync(Json.Of(new { quote, template_id = "consumerclub-discord-zoomed", resolution = "4K" }))).Names("quote");
    }

    [Fact]
    public async Task A_quoted_price_outlives_a_change_of_the_catalog()
    {
        var settings = Balances.OwnCatalog.Settings();
        await using var world = await World.StartAsync(settings: settings);
        var customer = await world.CustomerAsync("bluma", "starter");
        var quote = (await customer.Own.PostAsync("generations/quote", """{"template_id": "plain", "duration": 60}""")).Is(200);
        Assert.Equal(4, quote.Number("cost"));

        var file = Path.Combine(settings["Billing__Catalogs"], "bluma.json");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"base\":2,\"complexity\":\"basic\"", "\"base\":7,\"complexity\":\"basic\"", StringComparison.Ordinal));
        await world.CrashAsync(0);
        Assert.Equal(14, (await customer.Own.PostAsync("generations/quote", """{"template_id": "plain", "duration": 60}""")).Is(200).Number("cost"));
        Assert.Equal((4, 96), (await customer.AdmitAsync(Json.Of(new { quote = quote.Text("quote") }))) is var admitted ? (admitted.Number("cost"), admitted.Number("credits")) : default);
    }

    [Fact]
    public async Task A_quote_is_kept_for_a_quarter_of_an_hour()
    {
        await using var world = await World.StartAsync();
        var customer = await world.CustomerAsync("bloom");
        var quote = (await customer.Own.PostAsync("generations/quote", Requests.Small)).Is(200).Text("quote");
        await world.MoveAsync("2025-11-01T00:14:59.999Z");
        await customer.AdmitAsync(Json.Of(new { quote }));
        await world.MoveAsync("2025-11-01T00:15:00Z");
        (await customer.TryAdmitAsync(Json.Of(new { quote }))).Names("quote");
        Assert.Equal(9, await customer.LeftAsync());
    }

    [Fact]
    public async Task A_quote_that_was_tampered_with_is_refused()
    {
        var customer = await (await World.Shared).CustomerAsync("bloom");
        var quote = (await customer.Own.PostAsync("generations/quote", Requests.Bloom("4K", 3))).Is(200).Text("quote");
        var (payload, mac) = (quote.Split('.')[0][3..], quote.Split('.')[1]);
        var cheaper = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(
            System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(Padded(payload))).Replace("\"cost\":6", "\"cost\":1", StringComparison.Ordinal)))
            .TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Assert.NotEqual(payload, cheaper);
        foreach (var broken in new[] { $"qt_{cheaper}.{mac}", $"qt_{payload}.{mac[..^2]}", $"qt_{payload}.", $"qt_{payload}", quote[3..], "qt_.", "x", $"qt_{payload}.{mac}.{mac}", $"qt_{payload}.é" })
        {
            (await customer.TryAdmitAsync(Json.Of(new { quote = broken }))).Names("quote");
        }

        Assert.Equal(10, await customer.LeftAsync());
    }

    [Fact]
    public async Task A_quote_for_another_workspace_is_refused()
    {
        var world = await World.Shared;
        var (ada, bob) = (await world.CustomerAsync("bloom"), await world.CustomerAsync("bloom"));
        var quote = (await ada.Own.PostAsync("generations/quote", Requests.Small)).Is(200).Text("quote");
        (await bob.TryAdmitAsync(Json.Of(new { quote }))).Names("quote");
    }

    private static string Padded(string text) => text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');
}
