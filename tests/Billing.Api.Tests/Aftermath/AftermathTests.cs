using System.Text.RegularExpressions;
using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Aftermath;

/// <summary>Runs when all other tests are over, and looks at what they left.</summary>
[CollectionDefinition(nameof(AftermathTests), DisableParallelization = true)]
[Collection(nameof(AftermathTests))]
public sealed partial class AftermathTests
{
    [Fact]
    public async Task Every_workspaces_ledger_adds_up_to_its_account()
    {
        var world = await World.Shared;
        foreach (var some in world.Customers.Chunk(8))
        {
            await Task.WhenAll(some.Select(customer => customer.AuditAsync()));
        }
    }

    [Fact]
    public async Task No_secret_is_in_any_log_even_of_a_talkative_host()
    {
        await using var world = await World.StartAsync(settings: new Dictionary<string, string>
        {
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace",
        });
        var customer = await world.CustomerAsync("bluma", "starter");
        var quote = (await customer.Own.PostAsync("generations/quote", Requests.Six)).Is(200).Text("quote");
        await customer.CompleteAsync(await customer.AdmitAsync(Json.Of(new { quote })));
        var webhook = (await customer.Own.PostAsync("webhooks", """{"url": "http://127.0.0.1:9/", "events": ["ping"]}""")).Is(201);
        await customer.Own.PostAsync($"webhooks/{webhook.Text("id")}/test");
        (await world.Service().PostAsync("keys/verify", Json.Of(new { key = customer.Key }))).Is(200);
        (await world.AnyoneAt(0).As(customer.Key, customer.Key).GetAsync("credits")).Is(401);
        (await world.AnyoneAt(0).As(world.OperatorKey + "x").GetAsync("credits")).Is(401);
        (await customer.TryAdmitAsync($$"""{"key": "{{customer.Key}}" """)).Is(400);
        foreach (var secret in new[] { customer.Key, customer.SessionToken, quote, webhook.Text("secret"), world.ServiceKey, world.OperatorKey, $"AccountKey={AzuriteKey}" })
        {
            Assert.Matches(Secrets(), secret);
        }

        Assert.True(world.Hosts[0].Log.Count > 100, "The host should be talkative.");
        Assert.Empty(HostProcess.AllLogLines.Where(line => Secrets().IsMatch(line)).Take(3));
    }

    private const string AzuriteKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq";

    /// <summary>API keys, session tokens, quotes, webhook secrets, the seller's keys, the storage key.</summary>
    [GeneratedRegex($"[a-z0-9]+_(live|test)_[0-9A-Za-z]{{20}}|eyJ[0-9A-Za-z_-]{{10}}|qt_[0-9A-Za-z_-]{{10}}|whsec_[0-9A-Za-z]|sk_(service|operator)_[0-9a-f]|{AzuriteKey}")]
    private static partial Regex Secrets();
}
