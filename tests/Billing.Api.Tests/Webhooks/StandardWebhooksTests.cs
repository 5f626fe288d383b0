using System.Text.Json;
using Billing.Api.Tests.Worlds;
using Billing.Testing;

namespace Billing.Api.Tests.Webhooks;

public sealed class StandardWebhooksTests
{
    private const string Verified = "verified";
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Billing.Api.Tests", "Webhooks", "node");

    [Fact]
    public async Task The_official_library_verifies_a_real_delivery_and_refuses_it_when_a_byte_changes()
    {
        // Its clock is the real one: the library refuses what is older than five minutes.
        await using var world = await World.StartAsync(settings: new Dictionary<string, string> { ["Billing__TestClock"] = "" });
        var customer = await world.CustomerAsync("bluma");
        await using var receiver = new Receiver();
        var subscription = await Subscription.CreateAsync(customer, receiver);
        await customer.TopUpAsync(20);
        var arrival = (await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals), all => all.Count == 1))[0];

        var changed = arrival.Body.Select((_, at) => arrival with { Body = [.. arrival.Body.Select((value, index) => index == at ? (byte)(value ^ 1) : value)] }).ToList();
        var verdicts = await VerifyAsync([arrival, .. changed, With(arrival, "webhook-id"), With(arrival, "webhook-timestamp"), With(arrival, "webhook-signature")], subscription.Secret);
        Assert.Equal(Verified, verdicts[0]);
        Assert.True(changed.Count > 100);
        Assert.All(verdicts.Skip(1), verdict => Assert.NotEqual(Verified, verdict));
    }

    [Fact]
    public async Task After_a_rotation_the_official_library_verifies_with_both_secrets()
    {
        await using var world = await World.StartAsync(settings: new Dictionary<string, string> { ["Billing__TestClock"] = "" });
        await using var receiver = new Receiver();
        var subscription = await Subscription.CreateAsync(await world.CustomerAsync("bluma"), receiver);
        var rotated = (await subscription.Customer.Session.PostAsync($"webhooks/{subscription.Id}/rotate")).Is(200);
        await subscription.TestAsync();
        var arrival = (await Eventually.SeeAsync(() => Task.FromResult(receiver.Arrivals), all => all.Count == 1))[0];
        Assert.NotEqual(subscription.Secret, rotated.Text("secret"));
        Assert.Equal([Verified], await VerifyAsync([arrival], subscription.Secret));
        Assert.Equal([Verified], await VerifyAsync([arrival], rotated.Text("secret")));
    }

    private static Arrival With(Arrival arrival, string header)
    {
        var value = arrival.Headers[header];
        var last = value[^2] == '0' ? '1' : '0';
        return arrival with { Headers = new Dictionary<string, string>(arrival.Headers) { [header] = value[..^2] + last + value[^1] } };
    }

    private static async Task<string[]> VerifyAsync(IReadOnlyList<Arrival> arrivals, string secret)
    {
        var packages = new NodePackages(Folder);
        await packages.EnsureAsync();
        var deliveries = arrivals.Select(arrival => new
        {
            secret,
            headers = arrival.Headers.Where(header => header.Key.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase)).ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value),
            body = Convert.ToBase64String(arrival.Body),
        });

        // One argument of the environment holds 128 KiB.
        var verdicts = new List<string>();
        foreach (var some in deliveries.Chunk(100))
        {
            var (exitCode, output) = await packages.RunAsync(Path.Combine("..", "verify.mjs"), [], new Dictionary<string, string> { ["DELIVERIES"] = JsonSerializer.Serialize(some) });
            Assert.True(exitCode == 0, output);
            verdicts.AddRange(JsonSerializer.Deserialize<string[]>(output)!);
        }

        return [.. verdicts];
    }
}
