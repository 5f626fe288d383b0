using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Hosting;

/// <summary>The Host around the API: health, headers, settings, start and stop.</summary>
public sealed class HostingTests
{
    private const string Ada = """{"product": "bloom", "name": "Ada", "email": "ada@example.com"}""";

    [Fact]
    public async Task Health_says_that_storage_answers_and_which_build_does()
    {
        var health = (await (await World.Shared).Anyone.GetAsync("/health")).Is(200).Shows($$"""
            {
              "status": "ok", "storage": "ok", "now": "{{World.Start}}", "version": "*", "commit": "?",
              "checks": [{ "name": "tables", "shard": 0, "status": "ok", "latency_ms": "*" }, { "name": "queues", "shard": 0, "status": "ok", "latency_ms": "*" }]
            }
            """);
        Assert.Matches(@"^\d+\.\d+\.\d+$", health.Text("version"));
        Assert.Matches("^(null|[0-9a-f]{40})$", health.Text("commit"));
    }

    [Fact]
    public async Task Without_storage_nothing_succeeds()
    {
        var azurite = await Azurite.StartAsync();
        var settings = new Dictionary<string, string>((await World.Shared).Settings) { ["AzureWebJobsStorage"] = azurite.ConnectionString };
        await using var host = await HostProcess.StartAsync(settings);
        var anyone = new Client(host.Address);
        (await anyone.GetAsync("/health")).Is(200);
        await azurite.DisposeAsync();
        var health = (await anyone.GetAsync("/health")).Refused(503, "STORAGE_UNAVAILABLE");
        Assert.Equal(health.Header("Retry-After"), health.Text("retryAfter"));
        health.Shows("""[{ "name": "tables", "shard": 0, "status": "failed", "latency_ms": "*" }, { "name": "queues", "shard": 0, "status": "failed", "latency_ms": "*" }]""", "checks");
        (await anyone.As(settings["Billing__OperatorKeys__0"]).PostAsync("admin/accounts", Ada))
            .Refused(503, "STORAGE_UNAVAILABLE");
    }

    [Fact]
    public async Task Started_without_storage_it_waits_says_so_once_and_goes_on_by_itself()
    {
        var (azurite, port) = await StartSomewhereAsync();
        var settings = new Dictionary<string, string>((await World.Shared).Settings) { ["AzureWebJobsStorage"] = azurite.ConnectionString };
        await azurite.DisposeAsync();

        await using var host = await HostProcess.StartAsync(settings);
        var anyone = new Client(host.Address);
        var @operator = anyone.As(settings["Billing__OperatorKeys__0"]);
        (await anyone.GetAsync("/health")).Refused(503, "STORAGE_UNAVAILABLE");
        var refused = (await @operator.PostAsync("admin/accounts", Ada)).Refused(503, "STORAGE_UNAVAILABLE");
        Assert.Equal(refused.Header("Retry-After"), refused.Text("retryAfter"));

        await using var storage = await Azurite.StartAsync(firstPort: port);
        await Eventually.SeeAsync(() => anyone.GetAsync("/health"), health => health.Status == 200);
        await Eventually.SeeAsync(() => Task.FromResult(string.Join('\n', host.Log)), log => log.Contains("Storage answers", StringComparison.Ordinal));
        (await @operator.PostAsync("admin/accounts", Ada)).Is(201);
        Assert.Contains("npx azurite --skipApiVersionCheck", Assert.Single(host.Log, line => line.Contains("Waiting for the storage", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log, line => line.Contains("could not be reached", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_answer_is_kept_from_caches_frames_and_sniffers()
    {
        var world = await World.Shared;
        var customer = await world.CustomerAsync("bloom");
        foreach (var answer in new[]
        {
            await customer.Own.GetAsync("credits"), await world.Anyone.GetAsync("credits"), await world.Anyone.GetAsync("nothing"), await world.Anyone.GetAsync("plans"),
        })
        {
            Assert.Equal(("no-store", "nosniff", "no-referrer"), (answer.Header("Cache-Control"), answer.Header("X-Content-Type-Options"), answer.Header("Referrer-Policy")));
            Assert.Contains("default-src 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.NotEmpty(answer.Header("X-Request-Id"));
            Assert.False(answer.Headers.ContainsKey("Server"));
        }
    }

    [Fact]
    public async Task The_contract_is_there_for_machines()
    {
        var document = (await (await World.Shared).Anyone.GetAsync("openapi.json")).Is(200);
        Assert.StartsWith("3.1", document.Text("openapi"), StringComparison.Ordinal);
        Assert.Equal("application/json; charset=utf-8", document.Header("Content-Type"));
    }

    [Fact]
    public async Task The_clock_moves_forward_only()
    {
        await using var world = await World.StartAsync();
        (await world.Anyone.PutAsync("/dev/clock", """{"now": "2025-11-01T10:00:00.5+02:00"}""")).Is(200).Shows("""{ "now": "2025-11-01T08:00:00.5Z" }""");
        foreach (var body in new[] { """{"now": "2025-11-01T08:00:00.499Z"}""", """{"now": "noon"}""", """{"now": 7}""", """{"now": null}""", "{}" })
        {
            (await world.Anyone.PutAsync("/dev/clock", body)).Names("now");
        }

        (await world.Anyone.PutAsync("/dev/clock", """{"time": "2025-11-01T10:00:00Z"}""")).Names("time");
        Assert.Equal("2025-11-01T08:00:00.5Z", (await world.Anyone.GetAsync("/health")).Text("now"));
    }

    [Fact]
    public async Task Without_the_setting_there_is_no_clock_to_move()
    {
        var settings = new Dictionary<string, string>((await World.Shared).Settings) { ["Billing__TestClock"] = "" };
        await using var host = await HostProcess.StartAsync(settings);
        (await new Client(host.Address).PutAsync("/dev/clock", """{"now": "2030-01-01T00:00:00Z"}""")).Refused(404, "NOT_FOUND");
        var now = DateTimeOffset.Parse((await new Client(host.Address).GetAsync("/health")).Text("now"), null);
        Assert.InRange(now, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Theory]
    [InlineData("Billing__ServiceKeys__0", null, "Billing__ServiceKeys__0")]
    [InlineData("Billing__OperatorKeys__0", null, "Billing__OperatorKeys__0")]
    [InlineData("Billing__TestClock", "2025-11-01T00:00:00Z", "Billing__TestClock")]
    [InlineData("Billing__TrustedProxies", "10.0.0.0/40", "Billing__TrustedProxies")]
    [InlineData("Billing__ClientAddressHeader", "X Client", "Billing__ClientAddressHeader")]
    [InlineData("Billing__Catalogs", "no-such-folder", "Billing__Catalogs")]
    public async Task Outside_development_there_are_no_defaults_and_no_test_clock(string setting, string? value, string named)
    {
        var settings = new Dictionary<string, string>((await World.Shared).Settings) { ["ASPNETCORE_ENVIRONMENT"] = "Production" };
        settings.Remove("Billing__TestClock");
        settings.Remove(setting);
        if (value is not null)
        {
            settings[setting] = value;
        }

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => HostProcess.StartAsync(settings));
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_for_both_doors_is_refused_at_start_up()
    {
        var settings = new Dictionary<string, string>((await World.Shared).Settings);
        settings["Billing__OperatorKeys__0"] = settings["Billing__ServiceKeys__0"];
        Assert.Contains("must not be", (await Assert.ThrowsAsync<InvalidOperationException>(() => HostProcess.StartAsync(settings))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_catalog_with_a_mistake_is_refused_at_start_up()
    {
        var settings = Balances.OwnCatalog.Settings();
        var file = Path.Combine(settings["Billing__Catalogs"], "bloom.json");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"allowance\": 50", "\"allowence\": 50", StringComparison.Ordinal));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => World.StartAsync(settings: settings));
        Assert.Contains("allowence", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_to_stop_it_ends_by_itself()
    {
        await using var world = await World.StartAsync();
        (await world.CustomerAsync("bloom")).ToString();
        Assert.Contains(await world.Hosts[0].StopAsync(), new int?[] { 0, null });
    }

    // Where it can start a second time: ports that the system gives to nobody who asks for any.
    private static async Task<(Azurite Azurite, int FirstPort)> StartSomewhereAsync()
    {
        for (var tries = 1; ; tries++)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            try
            {
                return (await Azurite.StartAsync(firstPort: port), port);
            }
            catch (InvalidOperationException) when (tries < 5)
            {
                // Somebody has one of the three.
            }
        }
    }
}
